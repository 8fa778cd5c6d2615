using ZMemif.Udp.Stack;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Tests.Stack;

/// <summary>Somebody who is bound to a port, and takes nothing. Its ends can be changed, as connecting a socket does.</summary>
internal sealed class TestSink(Ipv4Address address = default, UdpPeer? peer = null) : IDatagramSink
{
    public Ipv4Address LocalAddress { get; set; } = address;

    public UdpPeer? Peer { get; set; } = peer;

    public bool SharesPort { get; init; }

    public bool HoldsBack => false;

    public MemifDropReason? Deliver(scoped in ReceivedDatagram datagram, scoped ReadOnlySpan<byte> payload, ref DirectReceive direct) => throw new NotSupportedException();

    public void Fail(IcmpError error) => throw new NotSupportedException();

    public override string ToString() => $"{LocalAddress} from {Peer}";
}
