using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Contract;

/// <summary>One end of a <see cref="UdpBinding"/>: where sockets are made, and the address that they have there.</summary>
public interface IUdpHost
{
    IPAddress Address { get; }

    IUdpClientUnderTest CreateClient();

    IUdpClientUnderTest CreateClient(int port);

    IUdpClientUnderTest CreateClient(IPEndPoint localEP);

    IUdpClientUnderTest CreateClient(string hostname, int port);

    ISocketUnderTest CreateSocket(AddressFamily addressFamily, SocketType socketType, ProtocolType protocolType);
    IEventArgsUnderTest CreateEventArgs(bool suppressContext = false);
}
