using ZMemif.Udp.Stack;

namespace ZMemif.Udp.Sockets;

/// <summary>What a caller gets of a datagram, one implementation for each kind of result.</summary>
/// <typeparam name="TResult">The kind of result.</typeparam>
internal interface IReceiveShape<TResult>
{
    /// <summary>Where a datagram goes.</summary>
    static abstract DirectReceive Begin(IDatagramSink? sink, in ReceiveTarget target);

    /// <summary>The result, when it is there.</summary>
    static abstract TResult Make(in DirectReceive direct, in ReceiveTarget target);

    /// <summary>The result, when it will be there.</summary>
    static abstract ValueTask<TResult> Await(ReceiveOperation operation);
}
