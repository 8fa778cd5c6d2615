using System.Net.Sockets;
using ZMemif.Udp.Stack;

namespace ZMemif.Udp.Sockets;

/// <summary>The payload in an array of its length, and who sent it.</summary>
internal readonly struct ArrayShape : IReceiveShape<UdpReceiveResult>
{
    public static DirectReceive Begin(IDatagramSink? sink, in ReceiveTarget target) => DirectReceive.IntoArray(sink);

    public static UdpReceiveResult Make(in DirectReceive direct, in ReceiveTarget target) => new(direct.Array!, direct.Source.ToEndPoint());

    public static ValueTask<UdpReceiveResult> Await(ReceiveOperation operation) => new(operation, operation.Version);
}
