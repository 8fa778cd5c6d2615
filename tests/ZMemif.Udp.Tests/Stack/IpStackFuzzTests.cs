using System.Buffers.Binary;
using CsCheck;
using ZMemif.Udp.Sockets;
using ZMemif.Udp.Stack;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Tests.Stack;

/// <summary>Whatever comes, nothing is thrown and every frame has one fate.</summary>
public sealed class IpStackFuzzTests
{
    private const int Iterations = 20_000;

    private static readonly byte[][] s_seeds =
    [
        .. FrameKinds.All.Values.Select(make => make()),
        Frames.Udp("x"u8, port: 8),
        Frames.Udp("x"u8, source: Net.Outside),
        .. Fragments.Cut(Frames.Udp(new byte[40]), 16),
        .. Fragments.Cut(Frames.Echo(new byte[40]), 24, identification: 2),
        Fragments.Make(new byte[16], 8, isLast: false),
        Fragments.Make(new byte[8], 65_000, isLast: true),
        Frames.Icmp(IcmpType.DestinationUnreachable, 3, Frames.Quote()),
        Frames.Icmp(IcmpType.DestinationUnreachable, 4, Frames.Quote(), rest: 1000),
        Frames.Icmp(IcmpType.TimeExceeded, 0, Frames.Quote()),
        Frames.Icmp(IcmpType.Redirect, 1, Frames.Quote()),
        Frames.Echo("hello"u8, destination: Net.DirectedBroadcast),
        Frames.WithOptions(Frames.With(Frames.WithOptions(Frames.Udp("x"u8)), Frames.PayloadStart, 0x83)),
        Frames.Ip(IpProtocol.Tcp, new byte[20]),
        Frames.Arp(ArpOperation.Request, sender: Ipv4Address.Any),
    ];

    private static readonly Gen<byte[]> s_random = Gen.Byte.Array[0, 120];

    private static readonly Gen<byte[]> s_mutated = Gen.Select(
        Gen.Int[0, s_seeds.Length - 1].Select(i => s_seeds[i]), Gen.Select(Gen.Int[0, 511], Gen.Byte).Array[0, 3], Gen.Int[0, 200], Gen.Int[0, 3], Mutate);

    private static readonly Gen<byte[]> s_frame = Gen.Frequency((1, s_random), (2, s_random.Select(ForUs)), (7, s_mutated));

    [Fact]
    public void Handle_AnyFrames_NeverThrowsAndBalances() => s_frame.Array[1, 8].Sample(
        frames =>
        {
            var host = new TestHost();
            UdpEndpoint socket = host.Listen();
            socket.Connect(new UdpPeer(Net.Neighbor, 5000));
            for (int i = 0; i < frames.Length; i++)
            {
                host.Receive(frames[i]);
                Assert.Equal(i + 1, host.Counters.FramesReceived);
                Assert.Equal(i + 1, host.FramesSettled);
                Assert.False(host.Link.Transmitter.IsReserved);
            }

            host.AssertBalances();
            socket.Close();
        },
        iter: Iterations,
        print: frames => string.Join(Environment.NewLine, frames.Select(Convert.ToHexString)));

    /// <summary>Each kind of death that frames of this kind can have is there among those that the fuzzing makes.</summary>
    [Fact]
    public void Handle_AnyFrames_ReachesEveryReasonOfItsOwn()
    {
        MemifDropReason[] expected =
        [
            MemifDropReason.Truncated, MemifDropReason.OtherStation, MemifDropReason.UnknownEtherType, MemifDropReason.BadArp,
            MemifDropReason.BadIpHeader, MemifDropReason.BadSource, MemifDropReason.NotForUs, MemifDropReason.UnknownProtocol,
            MemifDropReason.BadIcmp, MemifDropReason.BadUdpLength, MemifDropReason.BadUdpChecksum, MemifDropReason.NoSocket,
            MemifDropReason.SourceRouted, MemifDropReason.BadFragment, MemifDropReason.FragmentTooShort, MemifDropReason.FragmentTooLong,
            MemifDropReason.FragmentDuplicate, MemifDropReason.FragmentOverlap, MemifDropReason.FragmentLengthChanged,
            MemifDropReason.IcmpToBroadcast, MemifDropReason.IcmpUnmatched, MemifDropReason.IcmpEchoReply, MemifDropReason.IcmpSourceQuench,
            MemifDropReason.IcmpRedirect, MemifDropReason.IcmpUnknownType,
        ];
        var host = new TestHost();
        UdpEndpoint socket = host.Listen();
        socket.Connect(new UdpPeer(Net.Neighbor, 5000));
        long delivered = 0;
        s_frame.Array[2000].Sample(
            frames =>
            {
                // Some are rare: it goes on until all have been there.
                if (delivered > 0 && Array.TrueForAll(expected, reason => host.Counters.Drops(reason) > 0))
                    return;
                foreach (byte[] frame in frames)
                    host.Receive(frame);
                while (socket.Inbox.TryTake(out QueuedDatagram datagram))
                    DatagramInbox.Return(datagram);
                delivered = host.Counters.DatagramsDelivered;
            },
            iter: 1000,
            threads: 1);

        Assert.DoesNotContain(expected, reason => host.Counters.Drops(reason) == 0);
        Assert.NotEqual(0, delivered);
        Assert.Equal(host.Counters.FramesReceived, host.FramesSettled);
    }

    /// <summary>Sets some bytes, cuts or pads by a little, and perhaps mends the checksums of ICMP and IPv4 so that what lies deeper is reached.</summary>
    private static byte[] Mutate(byte[] seed, (int Offset, byte Value)[] changes, int length, int mend)
    {
        byte[] frame = [.. seed];
        foreach ((int offset, byte value) in changes)
            frame[offset % frame.Length] = value;
        if ((mend & 2) != 0 && frame.Length > Frames.PayloadStart && frame[Frames.IpStart + 9] == (byte)IpProtocol.Icmp)
            MendIcmp(frame);
        if ((mend & 1) != 0 && frame.Length > Frames.PayloadStart)
            Frames.WithIpChecksum(frame);
        if (length < 20)
            Array.Resize(ref frame, length < 10 ? frame.Length + length : Math.Max(0, frame.Length - length + 10));
        return frame;
    }

    private static void MendIcmp(byte[] frame)
    {
        int start = Frames.IpStart + ((frame[Frames.IpStart] & 0xF) * 4);
        if (start + IcmpPacket.HeaderLength > frame.Length)
            return;
        Span<byte> message = frame.AsSpan(start);
        message.Slice(2, 2).Clear();
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], InternetChecksum.Finish(InternetChecksum.Sum(message)));
    }

    private static byte[] ForUs(byte[] frame)
    {
        byte[] header = Frames.Ethernet(frame.Length % 2 == 0 ? EtherType.IPv4 : EtherType.Arp, []);
        return [.. header, .. frame];
    }
}
