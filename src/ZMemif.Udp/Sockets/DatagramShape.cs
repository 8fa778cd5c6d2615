using ZMemif.Udp.Stack;

namespace ZMemif.Udp.Sockets;

/// <summary>All that is to be known of a datagram, without an object for it.</summary>
internal readonly struct DatagramShape : IReceiveShape<MemifDatagram>
{
    public static DirectReceive Begin(IDatagramSink? sink, in ReceiveTarget target) => DirectReceive.Into(sink, target.Buffer.Span);

    public static MemifDatagram Make(in DirectReceive direct, in ReceiveTarget target) => new(target.Buffer)
    {
        Length = Math.Min(direct.Length, target.Buffer.Length),
        IsTruncated = direct.Length > target.Buffer.Length,
        RemoteEndPoint = new MemifEndPoint(direct.Source),
        LocalEndPoint = new MemifEndPoint(new UdpPeer(direct.Destination, direct.DestinationPort)),
        TimeToLive = direct.TimeToLive,
        TypeOfService = direct.TypeOfService,
    };

    public static ValueTask<MemifDatagram> Await(ReceiveOperation operation) => new(operation, operation.Version);
}
