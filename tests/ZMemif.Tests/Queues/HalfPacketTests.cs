using ZMemif.Memory;
using ZMemif.Native;
using ZMemif.Queues;
using ZMemif.Tests.Peers;

namespace ZMemif.Tests.Queues;

/// <summary>A chain whose end has not come is nothing to stay awake for, and its end is something to wake up for.</summary>
public sealed class HalfPacketTests
{
    private const int Slots = 8;
    private const int Rounds = 20_000;
    private const int PatienceMilliseconds = 20_000;

    /// <summary>Which end receives, and how many packets have gone before: the counters pass 65,535 at every place.</summary>
    public static MatrixTheoryData<MemifRole, int> RolesAndCounters =>
        new([MemifRole.Server, MemifRole.Client], [0, 1, 65_533, 65_534, 65_535, 65_536]);

    [Theory]
    [MemberData(nameof(RolesAndCounters))]
    public void HalfAPacket_Looked_IsNothingUntilMoreComes(MemifRole role, int before)
    {
        using var hands = new Hands(role, before);
        hands.Publish(more: true);
        Assert.True(hands.Walk.HasPackets);

        Assert.Equal(0, hands.Walk.Gather(Slots));

        Assert.False(hands.Walk.HasPackets);
        Assert.Equal(1, hands.Walk.Occupancy);
        hands.Publish(more: true);
        Assert.True(hands.Walk.HasPackets);
        Assert.Equal(0, hands.Walk.Gather(1));
        Assert.False(hands.Walk.HasPackets);
        hands.Publish(more: false);
        Assert.True(hands.Walk.HasPackets);
        hands.Receive(packets: 1, segments: 3);
        Assert.False(hands.Walk.HasPackets);
    }

    [Theory]
    [MemberData(nameof(RolesAndCounters))]
    public void HalfAPacketBehindWholeOnes_TheWholeOnesAreTakenFirst(MemifRole role, int before)
    {
        using var hands = new Hands(role, before);
        hands.Publish(more: false);
        hands.Publish(more: false);
        hands.Publish(more: true);

        hands.Receive(packets: 1, segments: 1);
        Assert.True(hands.Walk.HasPackets);
        hands.Receive(packets: 1, segments: 1);
        Assert.Equal(0, hands.Walk.Gather(1));

        Assert.False(hands.Walk.HasPackets);
        hands.Publish(more: false);
        Assert.True(hands.Walk.HasPackets);
        hands.Receive(packets: 1, segments: 2);
    }

    [Theory]
    [MemberData(nameof(RolesAndCounters))]
    public void EndOfAPacket_ComesDuringTheLook_IsSeen(MemifRole role, int before)
    {
        using var hands = new Hands(role, before);
        hands.Publish(more: false);
        hands.Publish(more: true);
        Assert.Equal(1, hands.Walk.Gather(Slots));

        // Of these the walk has not heard when it finds that the rest of what it knows is half a packet.
        hands.Publish(more: false);
        Assert.True(hands.Walk.TryRead(out ReadOnlySpan<PacketSegment> _, out int _));
        hands.Walk.Release();
        Assert.Equal(0, hands.Walk.Gather(Slots));

        Assert.True(hands.Walk.HasPackets);
        hands.Receive(packets: 1, segments: 2);
        Assert.False(hands.Walk.HasPackets);
    }

    [Theory]
    [InlineData(MemifRole.Server)]
    [InlineData(MemifRole.Client)]
    public void WholePacket_WithTheCounterThatHalfAPacketOnceHad_IsSeen(MemifRole role)
    {
        using var hands = new Hands(role, before: 0);
        hands.Publish(more: true);
        Assert.Equal(0, hands.Walk.Gather(1));
        hands.Publish(more: false);
        hands.Receive(packets: 1, segments: 2);
        for (int i = 0; i < 65_536 - 2; i++)
        {
            hands.Publish(more: false);
            hands.Receive(packets: 1, segments: 1);
        }

        hands.Publish(more: false);

        Assert.True(hands.Walk.HasPackets);
        hands.Receive(packets: 1, segments: 1);
    }

    [Fact]
    public void HalfAPacketBehindAMalformedOne_IsLookedAtOnceAndThenNothing()
    {
        using var bed = new RingBed(log2Size: 3) { Malformed = MemifMalformedPolicy.Drop };
        ServerRxWalk walk = bed.ServerReceives();
        bed.Ring.WriteDescriptor(0, new Descriptor { Region = 9, Length = 1 });
        bed.Write(1, length: 1, more: true);
        bed.Ring.ReleaseHead(2);

        Assert.Equal(0, walk.Gather(Slots));
        Assert.Equal(0, walk.Gather(Slots));

        Assert.False(walk.HasPackets);
        Assert.Equal(1UL, walk.TakeDropped(Malformation.OutsideMemory));
    }

    /// <summary>Every packet comes in two halves, and the receiver sleeps whenever it may: no end of a packet finds it asleep for ever.</summary>
    [Fact]
    public async Task PacketsInHalves_TwentyThousandSleeps_LoseNoWakeup()
    {
        using var bed = new RingBed(log2Size: 3);
        ServerRxWalk walk = bed.ServerReceives();
        QueueSignal peer = new(bed.Ring, bed.Event);
        int taken = 0;
        Task sender = Task.Factory.StartNew(
            () =>
            {
                for (int slot = 0; slot < 2 * Rounds; slot++)
                {
                    bed.Write((ushort)slot, length: 1, more: slot % 2 == 0);
                    bed.Ring.ReleaseHead((ushort)(slot + 1));
                    if (peer.IsWanted())
                        peer.Notify();
                    if (slot % 2 == 1)
                        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref taken) > slot / 2, PatienceMilliseconds));
                }
            },
            TaskCreationOptions.LongRunning);

        while (taken < Rounds)
        {
            Sleep(walk, bed.Event);
            if (walk.Gather(1) == 0)
                continue;
            Assert.True(walk.TryRead(out ReadOnlySpan<PacketSegment> segments, out int _));
            Assert.Equal(2, segments.Length);
            walk.Release();
            Volatile.Write(ref taken, taken + 1);
        }

        await sender.WaitAsync(TimeSpan.FromMilliseconds(PatienceMilliseconds));
    }

    private static void Sleep(RxWalk walk, EventCounter @event)
    {
        walk.Signal.Arm();
        if (!walk.HasPackets)
        {
            PollFd[] set = [new() { Fd = @event.Descriptor.Number, Events = Libc.POLLIN }];
            Assert.True(Libc.Poll(set, PatienceMilliseconds) == 1, "A wake-up was lost.");
            walk.Signal.Drain();
        }

        walk.Signal.Disarm();
    }

    /// <summary>The peer's hands on a ring of eight, and the walk that receives from it.</summary>
    private sealed class Hands : IDisposable
    {
        private readonly RingBed _bed = new(log2Size: 3);
        private readonly MemifRole _role;
        private ushort _next;

        internal Hands(MemifRole role, int before)
        {
            _role = role;
            Walk = role == MemifRole.Server ? _bed.ServerReceives() : Posted(_bed.ClientReceives());
            for (int i = 0; i < before; i++)
            {
                Publish(more: false);
                Receive(packets: 1, segments: 1);
            }
        }

        internal RxWalk Walk { get; }

        internal void Publish(bool more)
        {
            if (_role == MemifRole.Server)
            {
                _bed.Write(_next, length: 1, more);
                _bed.Ring.ReleaseHead(++_next);
            }
            else
            {
                _bed.Ring.WriteLengthAndFlags(_next, 1, more ? Descriptor.Next : (ushort)0);
                _bed.Ring.ReleaseTail(++_next);
            }
        }

        internal void Receive(int packets, int segments)
        {
            Assert.Equal(packets, Walk.Gather(packets));
            Assert.True(Walk.TryRead(out ReadOnlySpan<PacketSegment> read, out int _));
            Assert.Equal(segments, read.Length);
            Walk.Release();
            Assert.Null(Walk.Violation);
        }

        public void Dispose() => _bed.Dispose();

        private static ClientRxWalk Posted(ClientRxWalk walk)
        {
            walk.PostAll();
            return walk;
        }
    }
}
