using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;

namespace ZMemif.Udp.Tests.Contract;

/// <summary>The kernel, by way of its loopback address.</summary>
internal sealed class KernelHost : IDefaultUdpHost
{
    public IPAddress Address => IPAddress.Loopback;

    public IUdpClientUnderTest CreateClient() => new KernelUdpClient();

    public IUdpClientUnderTest CreateClient(AddressFamily family) => new KernelUdpClient(family);

    public IUdpClientUnderTest CreateClient(int port) => new KernelUdpClient(port);

    public IUdpClientUnderTest CreateClient(int port, AddressFamily family) => new KernelUdpClient(port, family);

    public IUdpClientUnderTest CreateClient(IPEndPoint localEP) => new KernelUdpClient(localEP);

    public IUdpClientUnderTest CreateClient(string hostname, int port) => new KernelUdpClient(hostname, port);

    public ISocketUnderTest CreateSocket(AddressFamily addressFamily, SocketType socketType, ProtocolType protocolType) =>
        new KernelTestSocket(addressFamily, socketType, protocolType);

    public IDisposable CreateSocket(SafeSocketHandle handle) => new Socket(handle);

    [SupportedOSPlatform("windows")]
    public IDisposable CreateSocket(SocketInformation socketInformation) => new Socket(socketInformation);
    public bool ConnectAsync(SocketType socketType, ProtocolType protocolType, IEventArgsUnderTest? e) =>
        Socket.ConnectAsync(socketType, protocolType, (SocketAsyncEventArgs)e!);

    public void CancelConnectAsync(IEventArgsUnderTest? e) => Socket.CancelConnectAsync((SocketAsyncEventArgs)e!);

    public IEventArgsUnderTest CreateEventArgs(bool suppressContext = false) => new KernelEventArgs(suppressContext);
}
