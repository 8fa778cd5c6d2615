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

    /// <summary>Called with what others say of its datagrams; by default nobody may.</summary>
    internal Action<IcmpError> Failed { get; init; } = _ => throw new NotSupportedException();

    public MemifDropReason? Deliver(scoped in ReceivedDatagram datagram, scoped ReadOnlySpan<byte> payload, ref DirectReceive direct) => throw new NotSupportedException();

    public void Fail(IcmpError error) => Failed(error);

    public override string ToString() => $"{LocalAddress} from {Peer}";
}
