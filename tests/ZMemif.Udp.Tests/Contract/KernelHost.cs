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

    public IDatagramSocketUnderTest CreateSocket(AddressFamily addressFamily, SocketType socketType, ProtocolType protocolType) =>
        new KernelDatagramSocket(new Socket(addressFamily, socketType, protocolType));
}
