using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Contract;

/// <summary>An interface, named in each constructor.</summary>
internal sealed class MemifHost(MemifInterface memifInterface) : IUdpHost
{
    public IPAddress Address => memifInterface.Address;

    public IUdpClientUnderTest CreateClient() => new MemifUdpClientUnderTest(memifInterface);

    public IUdpClientUnderTest CreateClient(int port) => new MemifUdpClientUnderTest(memifInterface, port);

    public IUdpClientUnderTest CreateClient(IPEndPoint localEP) => new MemifUdpClientUnderTest(memifInterface, localEP);

    public IUdpClientUnderTest CreateClient(string hostname, int port) => new MemifUdpClientUnderTest(memifInterface, hostname, port);

    public ISocketUnderTest CreateSocket(AddressFamily addressFamily, SocketType socketType, ProtocolType protocolType) =>
        new MemifTestSocket(memifInterface, addressFamily, socketType, protocolType);
    public IEventArgsUnderTest CreateEventArgs(bool suppressContext = false) => new MemifEventArgsUnderTest(suppressContext);
}
