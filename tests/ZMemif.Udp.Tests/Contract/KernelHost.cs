using System.Net;
using System.Net.Sockets;

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

    public bool ConnectAsync(SocketType socketType, ProtocolType protocolType, IEventArgsUnderTest? e) =>
        Socket.ConnectAsync(socketType, protocolType, (SocketAsyncEventArgs)e!);

    public void CancelConnectAsync(IEventArgsUnderTest? e) => Socket.CancelConnectAsync((SocketAsyncEventArgs)e!);

    public IEventArgsUnderTest CreateEventArgs(bool suppressContext = false) => new KernelEventArgs(suppressContext);

    public IDatagramSocketUnderTest CreateSocket(AddressFamily addressFamily, SocketType socketType, ProtocolType protocolType) =>
        new KernelDatagramSocket(new Socket(addressFamily, socketType, protocolType));
}
