using System.Net.Sockets;
using System.Runtime.Versioning;

namespace ZMemif.Udp.Tests.Contract;

/// <summary>A host that programs reach without naming it, so that every constructor of <c>UdpClient</c> works as it is written.</summary>
public interface IDefaultUdpHost : IUdpHost
{
    IUdpClientUnderTest CreateClient(AddressFamily family);

    IUdpClientUnderTest CreateClient(int port, AddressFamily family);

    IDisposable CreateSocket(SafeSocketHandle handle);

    [SupportedOSPlatform("windows")]
    IDisposable CreateSocket(SocketInformation socketInformation);
    /// <summary>Stands for the static <c>ConnectAsync</c> of sockets.</summary>
    bool ConnectAsync(SocketType socketType, ProtocolType protocolType, IEventArgsUnderTest? e);

    /// <summary>Stands for the static <c>CancelConnectAsync</c>.</summary>
    void CancelConnectAsync(IEventArgsUnderTest? e);
}
