using ZMemif.Udp.Diagnostics;
using ZMemif.Udp.Sockets;
using ZMemif.Udp.Stack;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Tests.Stack;

/// <summary>Fragments, seen from the link.</summary>
public sealed class ReassemblerTests : IDisposable
{
    private readonly TestHost _host = new();
    private readonly UdpEndpoint _socket;

    public ReassemblerTests()
    {
        _socket = _host.Listen();
        _socket.Inbox.Budget.Limit = int.MaxValue;
    }

    public void Dispose() => _host.AssertBalances();

    [Theory]
    [InlineData(1, 8)]
    [InlineData(300, 8)]
    [InlineData(2000, 1480)]
    [InlineData(9000, 1480)]
    [InlineData(65_507, 1480)]
    [InlineData(65_507, 65_512)]
    [InlineData(65_507, 552)]
    [InlineData(65_507, 8)]
    public void Fragments_OfADatagramOfAnyLength_AreDeliveredTogether(int length, int fragment)
    {
        byte[] payload = Payload(length);
        byte[][] fragments = Fragments.Cut(Frames.Udp(payload), fragment);

        ReceiveAll(fragments);

        Assert.Equal(payload, Take());
        Assert.Equal((1, fragments.Length - 1), (_host.Counters.DatagramsDelivered, _host.Counters.FragmentsAbsorbed));
    }

    [Fact]
    public void Fragments_InAnyOrder_AreDeliveredTogether()
    {
        byte[] payload = Payload(56);
        byte[][] fragments = Fragments.Cut(Frames.Udp(payload), 16);
        foreach (byte[][] order in Permutations(fragments))
        {
            ReceiveAll(order);
            Assert.Equal(payload, Take());
        }

        Assert.Equal(0, _host.Stack.Reassembler.Count);
    }

    [Theory]
    [InlineData(1480)]
    [InlineData(8)]
    public void Fragments_FromTheLastToTheFirst_AreDeliveredTogether(int fragment)
    {
        byte[] payload = Payload(65_507);

        ReceiveAll([.. Fragments.Cut(Frames.Udp(payload), fragment).Reverse()]);

        Assert.Equal(payload, Take());
    }

    [Fact]
    public void Fragments_OfSeveralDatagramsMixed_AreNotMixedUp()
    {
        byte[][] first = Fragments.Cut(Frames.Udp(Payload(33)), 16, identification: 1);
        byte[][] other = Fragments.Cut(Frames.Udp(Payload(34)), 16, identification: 2);
        byte[][] elsewhere = Fragments.Cut(Frames.Udp(Payload(35), source: Net.Gateway), 16, identification: 1);
        byte[][] everywhere = Fragments.Cut(Frames.Udp(Payload(36), destination: Net.DirectedBroadcast), 16, identification: 1);

        for (int i = 0; i < first.Length; i++)
            ReceiveAll([first[i], other[i], elsewhere[i], everywhere[i]]);

        Assert.Equal([33, 34, 35, 36], Enumerable.Range(0, 4).Select(_ => Take()!.Length));
    }

    [Fact]
    public void Fragments_WithOptions_AreDelivered()
    {
        byte[] payload = Payload(40);

        ReceiveAll([.. Fragments.Cut(Frames.Udp(payload), 16).Select(Frames.WithOptions)]);

        Assert.Equal(payload, Take());
    }

    [Fact]
    public void Fragments_WithADamagedByte_FailTheChecksumOfTheWhole()
    {
        byte[][] fragments = Fragments.Cut(Frames.Udp(Payload(40)), 16);
        fragments[1][^1] ^= 1;

        ReceiveAll(fragments);

        Assert.Null(Take());
        Assert.Equal(1, _host.Counters.Drops(MemifDropReason.BadUdpChecksum));
    }

    [Theory]
    [InlineData(1500)]
    [InlineData(200)]
    [InlineData(68)]
    public void Fragments_CutByTheOtherHost_AreDelivered(int mtu)
    {
        // What one host sends, the other receives.
        var sender = new TestHost(mtu);
        sender.Introduce(Net.Neighbor, Net.NeighborMac);
        byte[] payload = Payload(65_507);
        sender.Send(Net.Neighbor, payload);
        var receiver = new Reassembler(new InterfaceCounters(), _host.Time, () => { });

        ReassemblyEntry? whole = null;
        foreach (byte[] frame in sender.Sent)
        {
            Assert.Null(whole);
            Assert.Equal(Ipv4Error.None, Ipv4Packet.TryParse(frame.AsSpan(Frames.IpStart), frame.Length - Frames.IpStart, out Ipv4Packet packet));
            whole = receiver.Add(packet, frame.AsSpan(Frames.PayloadStart));
        }

        Assert.Equal(payload, whole!.Packet[28..]);
        Assert.Equal(Ipv4Error.None, Ipv4Packet.TryParse(whole.Packet, whole.Packet.Length, out Ipv4Packet header));
        Assert.Equal((65_535, false), (header.TotalLength, header.IsFragment));
    }

    [Fact]
    public void Duplicate_OfEveryFragment_IsDroppedAloneAndHarmless()
    {
        byte[] payload = Payload(56);
        byte[][] fragments = Fragments.Cut(Frames.Udp(payload), 16);
        for (int i = 0; i < fragments.Length - 1; i++)
        {
            _host.Receive(fragments[i]);
            _host.AssertDrops(MemifDropReason.FragmentDuplicate, fragments[i]);
        }

        _host.Receive(fragments[^1]);

        Assert.Equal(payload, Take());
    }

    [Fact]
    public void Duplicate_OfTheLastFragment_IsDroppedAlone()
    {
        byte[][] fragments = Fragments.Cut(Frames.Udp(Payload(30)), 16);
        _host.Receive(fragments[^1]);

        _host.AssertDrops(MemifDropReason.FragmentDuplicate, fragments[^1]);
        ReceiveAll(fragments[..^1]);

        Assert.Equal(Payload(30), Take());
    }

    [Fact]
    public void Overlap_OfTheSameRangeWithOtherBytes_KillsThePacket()
    {
        byte[][] fragments = Fragments.Cut(Frames.Udp(Payload(56)), 16);
        _host.Receive(fragments[1]);
        fragments[1][^1] ^= 1;

        AssertKills(MemifDropReason.FragmentOverlap, fragments[1]);
    }

    [Theory]
    [InlineData(0, 32, "over the front")]
    [InlineData(24, 8, "inside, at its front")]
    [InlineData(32, 8, "inside, at its end")]
    [InlineData(32, 16, "over the end")]
    [InlineData(16, 32, "around it")]
    [InlineData(24, 24, "longer, from the same place")]
    public void Overlap_OfAnyKind_KillsThePacket(int offset, int length, string because)
    {
        _host.Receive(Fragments.Make(new byte[16], 24, isLast: false));
        _host.Receive(Fragments.Make(new byte[16], 64, isLast: false));

        AssertKills(MemifDropReason.FragmentOverlap, Fragments.Make(new byte[length], offset, isLast: false));

        Assert.True(_host.Stack.Reassembler.Count == 0, because);
    }

    [Theory]
    [InlineData(8, 16)]
    [InlineData(40, 24)]
    public void Neighbors_ThatTouch_DoNotOverlap(int offset, int length)
    {
        _host.Receive(Fragments.Make(new byte[16], 24, isLast: false));
        _host.Receive(Fragments.Make(new byte[16], 64, isLast: false));

        _host.Receive(Fragments.Make(new byte[length], offset, isLast: false));

        Assert.Equal((1, 2), (_host.Stack.Reassembler.Count, _host.Counters.FragmentsAbsorbed));
    }

    [Fact]
    public void Overlap_ThatWouldRewriteThePorts_DeliversNothing()
    {
        // RFC 1858 §4, RFC 3128: a second fragment that lies over the header of the first.
        byte[][] fragments = Fragments.Cut(Frames.Udp(Payload(56)), 16);
        _host.Receive(fragments[0]);

        AssertKills(MemifDropReason.FragmentOverlap, Fragments.Make(new byte[16], 8, isLast: false));

        ReceiveAll(fragments[1..]);
        Assert.Null(Take());
    }

    [Theory]
    [InlineData(48, 16, true, "an end before the end")]
    [InlineData(72, 16, true, "an end behind the end")]
    [InlineData(80, 8, false, "something behind the end")]
    [InlineData(64, 16, false, "something up to the end, with more to follow")]
    public void End_ThatChanges_KillsThePacket(int offset, int length, bool isLast, string because)
    {
        _host.Receive(Fragments.Make(new byte[16], 64, isLast: true));

        AssertKills(MemifDropReason.FragmentLengthChanged, Fragments.Make(new byte[length], offset, isLast));

        Assert.True(_host.Stack.Reassembler.Count == 0, because);
    }

    [Theory]
    [InlineData(32, "before it")]
    [InlineData(64, "in the same place: more was to follow")]
    public void End_NotBehindWhatHasComeAlready_KillsThePacket(int offset, string because)
    {
        _host.Receive(Fragments.Make(new byte[16], 64, isLast: false));

        AssertKills(MemifDropReason.FragmentLengthChanged, Fragments.Make(new byte[16], offset, isLast: true));

        Assert.True(_host.Stack.Reassembler.Count == 0, because);
    }

    [Theory]
    [InlineData(0, 0, false, nameof(MemifDropReason.FragmentTooShort))]
    [InlineData(0, 7, false, nameof(MemifDropReason.FragmentTooShort))]
    [InlineData(0, 9, false, nameof(MemifDropReason.BadFragment))]
    [InlineData(8, 0, false, nameof(MemifDropReason.BadFragment))]
    [InlineData(8, 0, true, nameof(MemifDropReason.BadFragment))]
    [InlineData(8, 12, false, nameof(MemifDropReason.BadFragment))]
    [InlineData(65_512, 8, true, nameof(MemifDropReason.FragmentTooLong))]
    [InlineData(65_528, 1, true, nameof(MemifDropReason.FragmentTooLong))]
    [InlineData(65_504, 12, true, nameof(MemifDropReason.FragmentTooLong))]
    [InlineData(32_000, 33_520, false, nameof(MemifDropReason.FragmentTooLong))]
    public void Fragment_ThatCanBePartOfNothing_IsDroppedAlone(int offset, int length, bool isLast, string reason)
    {
        _host.Receive(Fragments.Make(new byte[8], 16, isLast: false));

        _host.AssertDrops(Enum.Parse<MemifDropReason>(reason), Fragments.Make(new byte[length], offset, isLast));

        Assert.Equal(1, _host.Stack.Reassembler.Count);
    }

    [Fact]
    public void Packet_TooLongByItsOptions_IsDroppedWhenThatIsSeen()
    {
        // The last fragment has no options and fits; with those of the first one the whole does not (the "ping of death").
        byte[][] fragments = Fragments.Cut(Frames.Udp(Payload(65_507)), 32_000);
        ReceiveAll(fragments[1..]);

        AssertKills(MemifDropReason.FragmentTooLong, Frames.WithOptions(fragments[0]));
    }

    [Fact]
    public void Gap_AfterHalfAMinute_IsOneDeathWhateverHadCome()
    {
        ReceiveAll(Fragments.Cut(Frames.Udp(Payload(56)), 8)[..^1]);
        Assert.Equal(1, _host.Scheduled);

        _host.PassSeconds(29.9);
        Assert.Equal(1, _host.Stack.Reassembler.Count);
        _host.PassSeconds(0.1);

        Assert.Equal((0, 1), (_host.Stack.Reassembler.Count, _host.Counters.Drops(MemifDropReason.ReassemblyTimeout)));
        Assert.Equal(0, _host.Stack.Reassembler.Bytes);
    }

    [Fact]
    public void Gap_FilledAfterItsTime_BeginsANewPacket()
    {
        byte[][] fragments = Fragments.Cut(Frames.Udp(Payload(30)), 16);
        ReceiveAll(fragments[..^1]);
        _host.PassSeconds(30);

        _host.Receive(fragments[^1]);

        Assert.Equal(1, _host.Stack.Reassembler.Count);
        Assert.Null(Take());
    }

    [Fact]
    public void Deadline_IsThatOfTheOldestPacket()
    {
        Assert.Null(_host.Stack.Reassembler.NextDeadline);
        _host.Receive(Fragments.Make(new byte[8], 0, isLast: false, identification: 1));
        long first = _host.Stack.Reassembler.NextDeadline!.Value;
        Assert.Equal(first, _host.Stack.NextDeadline);
        _host.PassSeconds(10);

        _host.Receive(Fragments.Make(new byte[8], 0, isLast: false, identification: 2));
        Assert.Equal(first, _host.Stack.Reassembler.NextDeadline);
        _host.PassSeconds(20);
        Assert.Equal(TimeSpan.FromSeconds(10), _host.Time.GetElapsedTime(first, _host.Stack.Reassembler.NextDeadline!.Value));
        _host.PassSeconds(10);

        Assert.Null(_host.Stack.Reassembler.NextDeadline);
        Assert.Equal(2, _host.Counters.Drops(MemifDropReason.ReassemblyTimeout));
    }

    [Fact]
    public void Fragments_FromManyThreads_MakeWholeDatagrams()
    {
        const int Datagrams = 512;
        const int AtATime = 16;
        using var step = new Barrier(4, _ => _host.PassSeconds(30));
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(i => new Thread(() =>
        {
            for (ushort n = 0; n < Datagrams; n++)
            {
                _host.Receive(Fragments.Cut(Frames.Udp(Payload(60)), 24, n)[i % 3]);
                if (n % AtATime == AtATime - 1)
                    step.SignalAndWait();
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());

        for (int i = 0; i < Datagrams; i++)
            Assert.Equal(Payload(60), Take());
        Assert.Equal(0, _host.Stack.Reassembler.Count);
    }

    private static byte[] Payload(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)((i * 13) + (i >> 8)))];

    private static IEnumerable<byte[][]> Permutations(byte[][] items) => items.Length < 2
        ? [items]
        : items.SelectMany((item, i) => Permutations([.. items[..i], .. items[(i + 1)..]]).Select(rest => (byte[][])[item, .. rest]));

    private void ReceiveAll(byte[][] frames) => Array.ForEach(frames, _host.Receive);

    /// <summary>That the frame is the death of the packet it belongs to, and of no other.</summary>
    private void AssertKills(MemifDropReason reason, byte[] frame)
    {
        (int count, long deaths) = (_host.Stack.Reassembler.Count, _host.Counters.Drops(reason));
        _host.Receive(frame);
        Assert.Equal((count - 1, deaths + 1), (_host.Stack.Reassembler.Count, _host.Counters.Drops(reason)));
    }

    private byte[]? Take()
    {
        if (!_socket.Inbox.TryTake(out QueuedDatagram datagram))
            return null;
        byte[] payload = [.. datagram.Payload];
        DatagramInbox.Return(datagram);
        return payload;
    }
}
