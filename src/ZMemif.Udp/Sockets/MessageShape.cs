using System.Net.Sockets;
using ZMemif.Udp.Stack;

namespace ZMemif.Udp.Sockets;

/// <summary>A number of bytes, who sent them and where to, and whether there were more.</summary>
internal readonly struct MessageShape : IReceiveShape<SocketReceiveMessageFromResult>
{
    public static DirectReceive Begin(IDatagramSink? sink, in ReceiveTarget target) => DirectReceive.Into(sink, target.Buffer.Span);

    public static SocketReceiveMessageFromResult Make(in DirectReceive direct, in ReceiveTarget target) => new()
    {
        RemoteEndPoint = direct.Source.ToEndPoint(),
        ReceivedBytes = target.CountOf(direct.Length),
        SocketFlags = ReceiveFlags.Told(direct.Length, target.Buffer.Length),
        PacketInformation = PacketInformation.Create(direct.Destination, direct.InterfaceIndex),
    };

    public static ValueTask<SocketReceiveMessageFromResult> Await(ReceiveOperation operation) => new(operation, operation.Version);
}
