using ZMemif.Udp.Sockets;
using ZMemif.Udp.Stack;
using ZMemif.Udp.Tests.Sockets;
using ZMemif.Udp.Wire;
using Oracle = PacketDotNet;

namespace ZMemif.Udp.Tests.Stack;

/// <summary>Datagrams that are longer than one packet, on their way out.</summary>
public sealed class FragmentationTests : IDisposable
{
    private static readonly PacketOptions MayBeCut = PacketOptions.Default with { Discovery = PathMtuDiscovery.Dont };
    private static readonly PacketOptions MustNotBeCut = PacketOptions.Default with { Discovery = PathMtuDiscovery.Do };

    private readonly TestHost _host = new();

    public FragmentationTests() => _host.IntroduceNeighbor();

    public void Dispose() => _host.AssertBalances();

    [Theory]
    [InlineData(1472, 1)]
    [InlineData(1473, 2)]
    [InlineData(2952, 2)]
    [InlineData(2953, 3)]
    [InlineData(9000, 7)]
    [InlineData(65_507, 45)]
    public void Send_OfAnyLength_GoesOutInAsFewFragmentsAsCanBe(int length, int fragments)
    {
        byte[] payload = Payload(length);

        Assert.Equal(SendStatus.Sent, _host.Send(Net.Neighbor, payload));

        Assert.Equal(fragments, _host.Sent.Count);
        Assert.Equal(payload, Reassemble(_host.Sent));
        Assert.Equal((1, fragments - 1), (_host.Counters.DatagramsSent, _host.Counters.FragmentsMade));
    }

    [Theory]
    [InlineData(68)]
    [InlineData(576)]
    [InlineData(577)]
    [InlineData(1499)]
    [InlineData(9000)]
    [InlineData(65_534)]
    public void Send_OverALinkOfAnyMtu_FillsItsPackets(int mtu)
    {
        var host = new TestHost(mtu);
        host.IntroduceNeighbor();
        byte[] payload = Payload(65_507);

        Assert.Equal(SendStatus.Sent, host.Send(Net.Neighbor, payload));

        Assert.Equal(payload, Reassemble(host.Sent));
        Assert.All(host.Sent.SkipLast(1), frame => Assert.InRange(frame.Length - Frames.IpStart, mtu - 7, mtu));
        host.AssertBalances();
    }

    [Fact]
    public void Send_Fragments_ShareAnIdentificationAndMayBeCutFurther()
    {
        _host.Send(Net.Neighbor, Payload(9000), options: new PacketOptions(3, 0xB8, PathMtuDiscovery.Want));

        Oracle.IPv4Packet[] fragments = [.. _host.Sent.Select(Parse)];
        Assert.Single(fragments.Select(ip => ip.Id).Distinct());
        Assert.All(fragments, ip => Assert.Equal((3, 0xB8, 0), (ip.TimeToLive, ip.TypeOfService, ip.FragmentFlags & 2)));
    }

    [Fact]
    public void Send_TwoDatagrams_HaveDifferentIdentifications()
    {
        _host.Send(Net.Neighbor, Payload(2000));
        _host.Send(Net.Neighbor, Payload(2000));

        Assert.Equal(2, _host.Sent.Select(frame => Parse(frame).Id).Distinct().Count());
    }

    [Fact]
    public void Send_MustNotBeCut_IsRefused()
    {
        Assert.Equal(SendStatus.TooLong, _host.Send(Net.Neighbor, Payload(1473), options: MustNotBeCut));

        Assert.Empty(_host.Sent);
    }

    [Fact]
    public void Send_ToABroadcastAndAGroup_IsCutAsWell()
    {
        Assert.Equal(SendStatus.Sent, _host.Send(Net.DirectedBroadcast, Payload(2000)));
        Assert.Equal(SendStatus.Sent, _host.Send(Net.Group, Payload(2000)));

        Assert.Equal(
            [MacAddress.Broadcast, MacAddress.Broadcast, MacAddress.ForMulticast(Net.Group), MacAddress.ForMulticast(Net.Group)],
            _host.Sent.Select(frame => MacAddress.Read(frame)));
    }

    [Fact]
    public void Send_UnresolvedNeighbor_WaitsWholeAndGoesWhole()
    {
        byte[] payload = Payload(65_507);
        byte[] callers = [.. payload];
        Assert.Equal(SendStatus.Sent, _host.Send(Net.Gateway, callers));
        Array.Clear(callers);
        Assert.Equal(1, _host.Stack.Arp.Neighbors.ParkedFrames);
        _host.Sent.Clear();

        _host.Introduce(Net.Gateway, Net.GatewayMac);

        Assert.Equal(payload, Reassemble(_host.Sent));
        Assert.All(_host.Sent, frame => Assert.Equal(Net.GatewayMac, MacAddress.Read(frame)));
        Assert.Equal(44, _host.Counters.FragmentsMade);
    }

    [Fact]
    public void Send_UnresolvedNeighborThatNeverAnswers_IsOneDeath()
    {
        _host.Send(Net.Gateway, Payload(9000));

        for (int i = 0; i < 3; i++)
            _host.PassSeconds(1);

        Assert.Equal(1, _host.Counters.Drops(MemifDropReason.NeighborUnreachable));
    }

    [Fact]
    public void Send_UnresolvedNeighborAndNoRoomInTheEnd_IsOneDeath()
    {
        _host.Send(Net.Gateway, Payload(9000));
        _host.Sent.Clear();
        _host.Link.Transmitter.Room = 6;

        _host.Introduce(Net.Gateway, Net.GatewayMac);

        Assert.Empty(_host.Sent);
        Assert.Equal(1, _host.Counters.Drops(MemifDropReason.ParkedNotSent));
    }

    [Fact]
    public void Send_RingAlmostFull_SendsNothingOfIt()
    {
        _host.Link.Transmitter.Room = 6;

        Assert.Equal(SendStatus.RingFull, _host.Send(Net.Neighbor, Payload(9000)));

        Assert.Empty(_host.Sent);
        Assert.False(_host.Link.Transmitter.IsReserved);
        _host.Link.Transmitter.Room = 7;
        Assert.Equal(SendStatus.Sent, _host.Send(Net.Neighbor, Payload(9000)));
    }

    [Fact]
    public void Send_FramesThatTakeSeveralSlotsEach_CountThem()
    {
        _host.Link.Transmitter.BufferLength = 1000;
        _host.Link.Transmitter.Room = 13;
        Assert.Equal(SendStatus.RingFull, _host.Send(Net.Neighbor, Payload(9000)));

        _host.Link.Transmitter.Room = 14;
        Assert.Equal(SendStatus.Sent, _host.Send(Net.Neighbor, Payload(9000)));
    }

    [Fact]
    public void Send_RoomThatOnlySeemedToBe_SendsNothingOfIt()
    {
        (_host.Link.Transmitter.Room, _host.Link.Transmitter.RoomShown) = (3, 100);

        Assert.Equal(SendStatus.RingFull, _host.Send(Net.Neighbor, Payload(9000)));

        Assert.Empty(_host.Sent);
        Assert.False(_host.Link.Transmitter.IsReserved);
    }

    [Fact]
    public void Send_RingCommitsAPart_CountsAPartialDatagram()
    {
        _host.Link.Transmitter.CommitsAtMost = 2;

        Assert.Equal(SendStatus.RingFull, _host.Send(Net.Neighbor, Payload(9000)));

        Assert.Equal(2, _host.Sent.Count);
        Assert.Equal((1, 1), (_host.Counters.Drops(MemifDropReason.PartialDatagram), _host.Counters.DatagramsSent));
    }

    [Fact]
    public void Send_ParkedAndRingCommitsAPart_CountsAPartialDatagram()
    {
        _host.Send(Net.Gateway, Payload(9000));
        _host.Link.Transmitter.CommitsAtMost = 2;

        _host.Introduce(Net.Gateway, Net.GatewayMac);

        Assert.Equal((1, 0), (_host.Counters.Drops(MemifDropReason.PartialDatagram), _host.Counters.Drops(MemifDropReason.ParkedNotSent)));
    }

    [Fact]
    public void Send_RingStandsStillWithSomeRoom_Stalls()
    {
        // Room for a few frames is no movement, if it is too little for the datagram.
        _host.Link.Transmitter.Room = 6;
        byte[] payload = Payload(9000);

        SpinWait.SpinUntil(() => _host.Send(Net.Neighbor, payload) == SendStatus.Stalled, TimeSpan.FromSeconds(20));

        Assert.True(_host.Stack.IsStalled);
        _host.Link.Transmitter.Room = 7;
        Assert.Equal(SendStatus.Sent, _host.Send(Net.Neighbor, payload));
        Assert.False(_host.Stack.IsStalled);
    }

    [Fact]
    public void Send_LinkDown_IsRefused()
    {
        _host.Link.IsUp = false;

        Assert.Equal(SendStatus.LinkDown, _host.Send(Net.Neighbor, Payload(9000)));
    }

    [Fact]
    public void Send_RingThatCanNeverHoldIt_IsRefusedForWhoDoesNotWait()
    {
        (_host.Link.Transmitter.Room, _host.Link.Transmitter.Capacity) = (4, 4);

        Assert.Equal(SendStatus.RingTooSmall, _host.Send(Net.Neighbor, Payload(9000)));

        Assert.Empty(_host.Sent);
    }

    [Fact]
    public void Send_RingThatCanNeverHoldIt_GoesPartByPartForWhoWaits()
    {
        byte[] payload = Payload(9000);
        var flow = new UdpFlow(Ipv4Address.Any, 4000, Net.Neighbor, 9);
        var progress = new SendProgress { MayWait = true };
        _host.Link.Transmitter.Capacity = 4;
        SendStatus status;
        var parts = new List<int>();
        do
        {
            _host.Link.Transmitter.Room = 3;
            status = _host.Udp.Send(flow, PacketOptions.Default, payload, ref progress);
            parts.Add(_host.Sent.Count);
        }
        while (status == SendStatus.RingFull && parts.Count < 9);

        Assert.Equal([3, 6, 7], parts);
        Assert.Equal(payload, Reassemble(_host.Sent));
    }

    [Fact]
    public void Send_PathGetsNarrowerInTheMiddle_GoesOnAsItBegan()
    {
        byte[] payload = Payload(9000);
        var flow = new UdpFlow(Ipv4Address.Any, 4000, Net.Neighbor, 9);
        var progress = new SendProgress { MayWait = true };
        (_host.Link.Transmitter.Room, _host.Link.Transmitter.Capacity) = (4, 4);
        Assert.Equal(SendStatus.RingFull, _host.Udp.Send(flow, PacketOptions.Default, payload, ref progress));

        _host.Stack.Paths.Lower(Net.Neighbor, 600, 1500);
        _host.Link.Transmitter.Room = 4;
        Assert.Equal(SendStatus.Sent, _host.Udp.Send(flow, PacketOptions.Default, payload, ref progress));

        Assert.Equal(payload, Reassemble(_host.Sent));
    }

    [Fact]
    public void Send_GivenUpInTheMiddle_IsCountedUnderItsOwnName()
    {
        (_host.Link.Transmitter.Room, _host.Link.Transmitter.Capacity) = (4, 4);
        UdpEndpoint socket = _host.Listen();

        Assert.Equal(System.Net.Sockets.SocketError.TimedOut, socket.Send(new UdpPeer(Net.Neighbor, 9), Payload(9000), 5));

        Assert.Equal(4, _host.Sent.Count);
        Assert.Equal(1, _host.Counters.Drops(MemifDropReason.PartialDatagram));
    }

    [Fact]
    public async Task SendAsync_CancelledInTheMiddle_IsCountedUnderItsOwnName()
    {
        (_host.Link.Transmitter.Room, _host.Link.Transmitter.Capacity) = (4, 4);
        UdpEndpoint socket = _host.Listen();
        using var cancellation = new CancellationTokenSource();
        _host.Link.Transmitter.OnSent = _ => cancellation.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await socket.SendAsync(new UdpPeer(Net.Neighbor, 9), Payload(9000), cancellation.Token));

        Assert.Equal(1, _host.Counters.Drops(MemifDropReason.PartialDatagram));
    }

    [Fact]
    public void Send_RoomAppears_TheWaitingSenderGoesOn()
    {
        var host = new TestHost(stall: TimeSpan.FromSeconds(20));
        host.IntroduceNeighbor();
        (host.Link.Transmitter.Room, host.Link.Transmitter.Capacity) = (4, 4);
        host.Link.Transmitter.OnSent = _ => host.Link.Transmitter.Room = Math.Max(1, host.Link.Transmitter.Room);
        byte[] payload = Payload(65_507);

        Assert.Equal(System.Net.Sockets.SocketError.Success, host.Listen().Send(new UdpPeer(Net.Neighbor, 9), payload, Timeout.Infinite));

        Assert.Equal(payload, Reassemble(host.Sent));
        host.AssertBalances();
    }

    [Fact]
    public void Path_Narrow_CutsWhatMayBeCut()
    {
        _host.Stack.Paths.Lower(Net.Neighbor, 600, 1500);

        Assert.Equal(SendStatus.Sent, _host.Send(Net.Neighbor, Payload(1000)));
        Assert.Equal(Payload(1000), Reassemble(_host.Sent));
        Assert.All(_host.Sent, frame => Assert.InRange(frame.Length - Frames.IpStart, 0, 600));
        _host.Sent.Clear();

        Assert.Equal(SendStatus.TooLong, _host.Send(Net.Neighbor, Payload(573), options: MustNotBeCut));
        Assert.Equal(SendStatus.Sent, _host.Send(Net.Neighbor, Payload(572), options: MustNotBeCut));
        Assert.Equal(SendStatus.Sent, _host.Send(Net.Neighbor, Payload(1000), options: MayBeCut));
        Assert.Equal(SendStatus.Sent, _host.Send(Net.Gateway, Payload(1000)));
        Assert.Equal(3 + 1, _host.Sent.Count);
    }

    [Fact]
    public void Path_NarrowerThanTheFloor_IsLeftToOthersToCut()
    {
        _host.Stack.Paths.Lower(Net.Neighbor, 296, 1500);

        _host.Send(Net.Neighbor, Payload(PathMtuCache.Floor - 28));

        Oracle.IPv4Packet ip = Parse(Assert.Single(_host.Sent));
        Assert.Equal(0, ip.FragmentFlags);
    }

    /// <summary>The payload of a UDP datagram that fragments make up, as the oracle parses each of them.</summary>
    private static byte[] Reassemble(List<byte[]> frames)
    {
        var whole = new List<byte>();
        Oracle.IPv4Packet last = Parse(frames[0]);
        foreach (byte[] frame in frames)
        {
            last = Parse(frame);
            Assert.True(last.ValidIPChecksum);
            Assert.Equal(whole.Count, last.FragmentOffset * 8);
            Assert.Equal(frame.Length - Frames.IpStart, last.TotalLength);
            bool isLast = ReferenceEquals(frame, frames[^1]);
            Assert.Equal(isLast ? 0 : 1, last.FragmentFlags & 1);
            whole.AddRange(frame[Frames.PayloadStart..]);
        }

        byte[] datagram = [.. whole];
        Assert.Equal(UdpError.None, UdpPacket.TryParse(datagram, datagram.Length, out UdpPacket udp));
        Assert.Equal((9, datagram.Length), (udp.DestinationPort, udp.Length));
        byte[] payload = datagram[UdpPacket.HeaderLength..];
        Assert.NotEqual(0, udp.Checksum);
        Assert.True(udp.VerifyChecksum(Net.Own, Ipv4Address.FromIPAddress(last.DestinationAddress), InternetChecksum.Sum(payload)));
        return payload;
    }

    private static Oracle.IPv4Packet Parse(byte[] frame) =>
        Oracle.Packet.ParsePacket(Oracle.LinkLayers.Ethernet, frame).Extract<Oracle.IPv4Packet>();

    private static byte[] Payload(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)((i * 11) + (i >> 8) + 1))];
}
