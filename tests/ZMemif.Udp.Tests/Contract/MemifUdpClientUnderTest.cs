using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Contract;

/// <summary>Ours, on an interface or on the default one.</summary>
internal sealed class MemifUdpClientUnderTest : MemifUdpClient, IUdpClientUnderTest
{
    internal MemifUdpClientUnderTest()
    {
    }

    internal MemifUdpClientUnderTest(AddressFamily family)
        : base(family)
    {
    }

    internal MemifUdpClientUnderTest(int port)
        : base(port)
    {
    }

    internal MemifUdpClientUnderTest(int port, AddressFamily family)
        : base(port, family)
    {
    }

    internal MemifUdpClientUnderTest(IPEndPoint localEP)
        : base(localEP)
    {
    }

    internal MemifUdpClientUnderTest(string hostname, int port)
        : base(hostname, port)
    {
    }

    internal MemifUdpClientUnderTest(MemifInterface memifInterface)
        : base(memifInterface)
    {
    }

    internal MemifUdpClientUnderTest(MemifInterface memifInterface, int port)
        : base(memifInterface, port)
    {
    }

    internal MemifUdpClientUnderTest(MemifInterface memifInterface, IPEndPoint localEP)
        : base(memifInterface, localEP)
    {
    }

    internal MemifUdpClientUnderTest(MemifInterface memifInterface, string hostname, int port)
        : base(memifInterface, hostname, port)
    {
    }

    public IDatagramSocketUnderTest? Socket => Client is { } socket ? new MemifDatagramSocketUnderTest(socket) : null;

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
