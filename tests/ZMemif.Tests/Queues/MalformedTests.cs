using CsCheck;
using ZMemif.Memory;
using ZMemif.Queues;
using ZMemif.Tests.Peers;

namespace ZMemif.Tests.Queues;

/// <summary>The policy that drops a packet with an impossible descriptor: just that packet, and its slots go back.</summary>
public sealed class MalformedTests
{
    private const int Slots = 8;

    // A chain of so many pieces, one of which is bad, or none if the number is none of theirs.
    private static readonly Gen<(int Pieces, int Bad)> Packets = Gen.Select(Gen.Int[1, 4], Gen.Int[0, 8]);

    public static MatrixTheoryData<MemifRole, int> RolesAndPlaces => new([MemifRole.Server, MemifRole.Client], [0, 1, 2]);

    public static TheoryData<MemifRole> Roles => [MemifRole.Server, MemifRole.Client];

    [Theory]
    [MemberData(nameof(RolesAndPlaces))]
    public void BadPacket_AnywhereInABurst_IsDroppedAlone(MemifRole role, int bad)
    {
        using var hands = new Hands(role);
        for (int i = 0; i < 3; i++)
            hands.Write(content: (byte)i, pieces: 1, badPiece: i == bad ? 0 : -1);
        hands.Publish();

        byte[] expected = [.. Enumerable.Range(0, 3).Where(i => i != bad).Select(i => (byte)i)];
        Assert.Equal(expected, hands.ReceiveAll(mostAtOnce: 8));

        hands.AssertSettled(malformed: 1);
        hands.AssertGoesOn();
    }

    [Theory]
    [MemberData(nameof(RolesAndPlaces))]
    public void BadPiece_AnywhereInAChain_TakesTheWholePacketWithIt(MemifRole role, int bad)
    {
        using var hands = new Hands(role);
        hands.Write(content: 1, pieces: 1, badPiece: -1);
        hands.Write(content: 2, pieces: 3, badPiece: bad);
        hands.Write(content: 3, pieces: 2, badPiece: -1);
        hands.Publish();

        Assert.Equal([1, 3], hands.ReceiveAll(mostAtOnce: 8));

        hands.AssertSettled(malformed: 1);
        hands.AssertGoesOn();
    }

    [Theory]
    [MemberData(nameof(Roles))]
    public void NothingButBadPackets_AreAllDropped(MemifRole role)
    {
        using var hands = new Hands(role);
        for (int i = 0; i < Slots; i++)
            hands.Write(content: 0, pieces: 1, badPiece: 0);
        hands.Publish();

        Assert.Empty(hands.ReceiveAll(mostAtOnce: 3));

        hands.AssertSettled(malformed: Slots);
        hands.AssertGoesOn();
    }

    [Theory]
    [MemberData(nameof(Roles))]
    public void BadPieceOfAChainWhoseEndHasNotCome_WaitsForIt(MemifRole role)
    {
        using var hands = new Hands(role);
        hands.WriteSlot(content: 0, more: true, isBad: true);
        hands.Publish();
        Assert.Empty(hands.ReceiveAll(mostAtOnce: 8));

        hands.WriteSlot(content: 0, more: false, isBad: false);
        hands.Write(content: 5, pieces: 1, badPiece: -1);
        hands.Publish();

        Assert.Equal([5], hands.ReceiveAll(mostAtOnce: 8));
        hands.AssertSettled(malformed: 1);
    }

    [Theory]
    [InlineData(40_000, 25_553, 0)]
    [InlineData(40_000, 25_554, 1)]
    [InlineData(65_553, 0, 0)]
    [InlineData(65_553, 1, 1)]
    [InlineData(40_000, 90_000, 1)]
    public void ChainLongerThanAnyPacket_IsDroppedAlone(uint first, uint second, int malformed)
    {
        using var bed = new RingBed(log2Size: 10) { Malformed = MemifMalformedPolicy.Drop };
        ServerRxWalk walk = bed.ServerReceives();
        bed.Ring.WriteDescriptor(0, new Descriptor { Flags = Descriptor.Next, Length = first });
        bed.Ring.WriteDescriptor(1, new Descriptor { Length = second });
        bed.Write(2, length: 5);
        bed.Ring.ReleaseHead(3);
        List<int> lengths = [];

        Assert.Equal(2 - malformed, walk.Gather(8));
        while (walk.TryRead(out ReadOnlySpan<PacketSegment> _, out int length))
            lengths.Add(length);
        walk.Release();

        Assert.Equal(malformed == 0 ? [(int)(first + second), 5] : [5], lengths);
        Assert.Equal(((ulong)malformed, 3), (walk.TakeDropped(Malformation.TooLong), bed.Ring.AcquireTail()));
        Assert.Null(walk.Violation);
    }

    [Theory]
    [MemberData(nameof(Roles))]
    public void EndlessChain_IsAViolationAllTheSame(MemifRole role)
    {
        using var hands = new Hands(role);
        for (int i = 0; i < Slots; i++)
            hands.WriteSlot(content: 0, more: true, isBad: i == 3);
        hands.Publish();

        Assert.Empty(hands.ReceiveAll(mostAtOnce: 8));

        Assert.Contains("has no end", hands.Walk.Violation, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Roles))]
    public void IndexJump_IsAViolationAllTheSame(MemifRole role)
    {
        using var hands = new Hands(role);
        hands.Publish(ahead: Slots + 1);

        Assert.Empty(hands.ReceiveAll(mostAtOnce: 8));

        Assert.Contains("slots ahead", hands.Walk.Violation, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Roles))]
    public void BadPacketBeforeALease_GoesBackWithoutWaitingForIt(MemifRole role)
    {
        using var hands = new Hands(role);
        hands.Write(content: 0, pieces: 2, badPiece: 1);
        hands.Write(content: 7, pieces: 1, badPiece: -1);
        hands.Write(content: 0, pieces: 1, badPiece: 0);
        hands.Publish();
        Assert.Equal(1, hands.Walk.Gather(1));
        Assert.True(hands.Walk.TryRead(out ReadOnlySpan<PacketSegment> segments, out int _));

        SlotLoan loan = hands.Walk.Lend(segments, out _);

        Assert.Equal(2, hands.Returned);
        Assert.Equal(0, hands.Walk.Gather(1));
        Assert.Equal(2, hands.Returned);
        hands.Walk.EndLoan(loan);
        hands.AssertSettled(malformed: 2);
    }

    [Theory]
    [MemberData(nameof(Roles))]
    public void AnyMixture_YieldsTheGoodOnesInOrder(MemifRole role) =>
        Gen.Select(Packets.Array[0, 60], Gen.Int[1, 8]).Sample(
            (packets, mostAtOnce) =>
            {
                using var hands = new Hands(role);
                var expected = new List<byte>();
                var received = new List<byte>();
                int malformed = 0;
                for (int i = 0; i < packets.Length; i++)
                {
                    (int pieces, int bad) = packets[i];
                    if (hands.Free < pieces)
                        received.AddRange(hands.ReceiveAll(mostAtOnce));
                    hands.Write((byte)i, pieces, bad);
                    hands.Publish();
                    if (bad >= pieces)
                        expected.Add((byte)i);
                    else
                        malformed++;
                }

                received.AddRange(hands.ReceiveAll(mostAtOnce));
                Assert.Equal(expected, received);
                hands.AssertSettled(malformed);
            },
            iter: 300);

    /// <summary>The peer's hands on a ring of eight, and the walk that receives from it.</summary>
    private sealed class Hands : IDisposable
    {
        private readonly RingBed _bed = new(log2Size: 3) { Malformed = MemifMalformedPolicy.Drop };
        private readonly MemifRole _role;
        private ushort _next;
        private int _malformed;

        internal Hands(MemifRole role)
        {
            _role = role;
            if (role == MemifRole.Server)
            {
                Walk = _bed.ServerReceives();
                return;
            }

            ClientRxWalk walk = _bed.ClientReceives();
            walk.PostAll();
            Walk = walk;
        }

        internal RxWalk Walk { get; }

        /// <summary>How many slots have come back to the peer.</summary>
        internal ushort Returned => _role == MemifRole.Server ? _bed.Ring.AcquireTail() : (ushort)(_bed.Ring.AcquireHead() - Slots);

        internal int Free => Slots - (ushort)(_next - Returned);

        internal void Write(byte content, int pieces, int badPiece)
        {
            for (int piece = 0; piece < pieces; piece++)
                WriteSlot(content, more: piece < pieces - 1, isBad: piece == badPiece);
        }

        internal void WriteSlot(byte content, bool more, bool isBad)
        {
            _bed.Bytes(_bed.BufferOf(_next), 1)[0] = content;
            if (_role == MemifRole.Client)
                _bed.Ring.WriteLengthAndFlags(_next, isBad ? RingBed.BufferSize + 1U : 1U, more ? Descriptor.Next : (ushort)0);
            else if (isBad)
                _bed.Ring.WriteDescriptor(_next, new Descriptor { Region = 9, Length = 1, Flags = more ? Descriptor.Next : (ushort)0 });
            else
                _bed.Write(_next, length: 1, more);
            _next++;
        }

        internal void Publish(int ahead = 0)
        {
            if (_role == MemifRole.Server)
                _bed.Ring.ReleaseHead((ushort)(_next + ahead));
            else
                _bed.Ring.ReleaseTail((ushort)(_next + ahead));
        }

        /// <summary>The first byte of every packet that is there.</summary>
        internal byte[] ReceiveAll(int mostAtOnce)
        {
            var contents = new List<byte>();
            while (Walk.Gather(mostAtOnce) is > 0 and int gathered)
            {
                Assert.InRange(gathered, 1, mostAtOnce);
                for (int i = 0; i < gathered; i++)
                {
                    Assert.True(Walk.TryRead(out ReadOnlySpan<PacketSegment> segments, out int length));
                    Assert.Equal(segments.Length, length);
                    contents.Add(_bed.Generation.View(segments[0])[0]);
                }

                Walk.Release();
            }

            return [.. contents];
        }

        internal void AssertSettled(int malformed)
        {
            _malformed += (int)Walk.TakeDropped(_role == MemifRole.Server ? Malformation.OutsideMemory : Malformation.LongerThanBuffer);
            Assert.Equal(0UL, Walk.TakeDropped(Malformation.TooLong));
            Assert.Equal((malformed, _next), (_malformed, Returned));
            Assert.Null(Walk.Violation);
        }

        internal void AssertGoesOn()
        {
            for (byte i = 10; i < 30; i++)
            {
                Write(i, pieces: 1 + (i % 3), badPiece: -1);
                Publish();
                Assert.Equal([i], ReceiveAll(mostAtOnce: 1));
            }
        }

        public void Dispose() => _bed.Dispose();
    }
}
