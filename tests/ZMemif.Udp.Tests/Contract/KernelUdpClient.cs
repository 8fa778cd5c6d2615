using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Contract;

/// <summary>The kernel's <see cref="UdpClient"/>.</summary>
internal sealed class KernelUdpClient : UdpClient, IUdpClientUnderTest
{
    internal KernelUdpClient()
    {
    }

    internal KernelUdpClient(AddressFamily family)
        : base(family)
    {
    }

    internal KernelUdpClient(int port)
        : base(port)
    {
    }

    internal KernelUdpClient(int port, AddressFamily family)
        : base(port, family)
    {
    }

    internal KernelUdpClient(IPEndPoint localEP)
        : base(localEP)
    {
    }

    internal KernelUdpClient(string hostname, int port)
        : base(hostname, port)
    {
    }

    public IDatagramSocketUnderTest? Socket => Client is { } socket ? new KernelDatagramSocket(socket) : null;

    public bool IsActive
    {
        get => Active;
        set => Active = value;
    }

    public int DisposeCalls { get; private set; }

    public void ForgetSocket() => Client = null!;

    public void DisposeFromFinalizer() => Dispose(disposing: false);

    protected override void Dispose(bool disposing)
    {
        DisposeCalls++;
        base.Dispose(disposing);
    }
}
