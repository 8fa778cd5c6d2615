using ZMemif.Udp.Stack;

namespace ZMemif.Udp.Sockets;

/// <summary>A number of bytes; and the sender, where the caller has given something to write it to.</summary>
internal readonly struct CountShape : IReceiveShape<int>
{
    public static DirectReceive Begin(IDatagramSink? sink, in ReceiveTarget target) => DirectReceive.Into(sink, target.Buffer.Span);

    public static int Make(in DirectReceive direct, in ReceiveTarget target)
    {
        if (target.Address is { } address)
            SocketAddresses.Write(address, direct.Source);
        return target.CountOf(direct.Length);
    }

    public static ValueTask<int> Await(ReceiveOperation operation) => new(operation, operation.Version);
}
