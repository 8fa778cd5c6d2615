using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;

namespace ZMemif.Udp.Tests.Contract;

/// <summary>The interface that constructors without an interface use: one without a peer, made for the whole test process.</summary>
internal sealed class DefaultMemifHost : IDefaultUdpHost
{
    private static readonly Lazy<MemifInterface> s_interface = new(Open);

    internal static MemifInterface Interface => s_interface.Value;

    public IPAddress Address => IPAddress.Loopback;

    public IUdpClientUnderTest CreateClient() => new MemifUdpClientUnderTest();

    public IUdpClientUnderTest CreateClient(AddressFamily family) => new MemifUdpClientUnderTest(family);

    public IUdpClientUnderTest CreateClient(int port) => new MemifUdpClientUnderTest(port);

    public IUdpClientUnderTest CreateClient(int port, AddressFamily family) => new MemifUdpClientUnderTest(port, family);

    public IUdpClientUnderTest CreateClient(IPEndPoint localEP) => new MemifUdpClientUnderTest(localEP);

    public IUdpClientUnderTest CreateClient(string hostname, int port) => new MemifUdpClientUnderTest(hostname, port);

    public ISocketUnderTest CreateSocket(AddressFamily addressFamily, SocketType socketType, ProtocolType protocolType) =>
        new MemifTestSocket(addressFamily, socketType, protocolType);

    public IDisposable CreateSocket(SafeSocketHandle handle) => new MemifDatagramSocket(handle);

    [SupportedOSPlatform("windows")]
    public IDisposable CreateSocket(SocketInformation socketInformation) => new MemifDatagramSocket(socketInformation);
    public bool ConnectAsync(SocketType socketType, ProtocolType protocolType, IEventArgsUnderTest? e) =>
        MemifDatagramSocket.ConnectAsync(socketType, protocolType, (MemifSocketAsyncEventArgs)e!);

    public void CancelConnectAsync(IEventArgsUnderTest? e) => MemifDatagramSocket.CancelConnectAsync((MemifSocketAsyncEventArgs)e!);

    public IEventArgsUnderTest CreateEventArgs(bool suppressContext = false) => new MemifEventArgsUnderTest(suppressContext);

    private static MemifInterface Open()
    {
        MemifInterface opened = MemifInterface.OpenAsync("Loopback=true;Address=192.0.2.2/24").GetAwaiter().GetResult();
        MemifInterface.Default = opened;
        return opened;
    }
}
