using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Contract;

/// <summary>A host that programs reach without naming it, so that every constructor of <c>UdpClient</c> works as it is written.</summary>
public interface IDefaultUdpHost : IUdpHost
{
    IUdpClientUnderTest CreateClient(AddressFamily family);

    IUdpClientUnderTest CreateClient(int port, AddressFamily family);

    /// <summary>Stands for the static <c>ConnectAsync</c> of sockets.</summary>
    bool ConnectAsync(SocketType socketType, ProtocolType protocolType, IEventArgsUnderTest? e);

    /// <summary>Stands for the static <c>CancelConnectAsync</c>.</summary>
    void CancelConnectAsync(IEventArgsUnderTest? e);
}
