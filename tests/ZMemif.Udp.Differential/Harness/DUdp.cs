namespace ZMemif.Udp.Differential;

/// <summary>A client that shows its protected flag. Its name appears in results, as the name of what was disposed.</summary>
internal sealed class DUdp : UdpClient
{
    public DUdp()
    {
    }

    public DUdp(IPEndPoint localEP)
        : base(localEP)
    {
    }

    public DUdp(string hostname, int port)
        : base(hostname, port)
    {
    }

    public bool IsActive
    {
        get => Active;
        set => Active = value;
    }

    public void DisposeOnly(bool disposing) => Dispose(disposing);
}
