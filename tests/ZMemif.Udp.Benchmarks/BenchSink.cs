using ZMemif.Udp.Stack;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Benchmarks;

/// <summary>A socket that copies and verifies what it gets, and forgets it.</summary>
internal sealed class BenchSink(byte[] buffer) : IDatagramSink
{
    public Ipv4Address LocalAddress => Ipv4Address.Any;

    public UdpPeer? Peer => null;

    public bool SharesPort => false;

    public bool HoldsBack => false;

    public MemifDropReason? Deliver(scoped in ReceivedDatagram datagram, scoped ReadOnlySpan<byte> payload, ref DirectReceive direct) =>
        datagram.TryCopy(payload, buffer) ? null : MemifDropReason.BadUdpChecksum;

    public void Fail(IcmpError error)
    {
    }
}
