using System.Net.Sockets;
using ZMemif.Udp.Stack;

namespace ZMemif.Udp.Sockets;

/// <summary>A number of bytes, and who sent them.</summary>
internal readonly struct SenderShape : IReceiveShape<SocketReceiveFromResult>
{
    public static DirectReceive Begin(IDatagramSink? sink, in ReceiveTarget target) => DirectReceive.Into(sink, target.Buffer.Span);

    public static SocketReceiveFromResult Make(in DirectReceive direct, in ReceiveTarget target) => new()
    {
        RemoteEndPoint = direct.Source.ToEndPoint(),
        ReceivedBytes = target.CountOf(direct.Length),
    };

    public static ValueTask<SocketReceiveFromResult> Await(ReceiveOperation operation) => new(operation, operation.Version);
}
