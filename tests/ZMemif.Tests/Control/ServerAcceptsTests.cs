using ZMemif.Control;
using ZMemif.Memory;
using ZMemif.Native;
using ZMemif.Tests.Peers;

namespace ZMemif.Tests.Control;

/// <summary>What peers do differently from us and a server must take (§1.4, §2, §6).</summary>
public sealed class ServerAcceptsTests
{
    [Fact]
    public async Task Hello_Limits_AreWhatEverybodyAdvertises()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        using RawPeer peer = RawPeer.Connect(server.Address);

        HelloMessage hello = HelloMessage.Read(peer.Expect(MessageType.Hello));

        Assert.Equal((0x0200, 0x0200), (hello.MinVersion, hello.MaxVersion));
        Assert.Equal((255, 255, 255, 14), (hello.MaxRegion, hello.MaxM2SRing, hello.MaxS2MRing, hello.MaxLog2RingSize));
    }

    [Fact]
    public async Task Link_Up_CarriesPacketsBothWays()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        using RawClient client = server.Client(ClientStage.Up);
        await server.Events.ExpectUpAsync();
        client.PostAll();

        AssertSends(server, client, region: 0);
        AssertReceives(server, client);
        Assert.Equal(("raw client", "raw0"), (server.Target.PeerApplication, server.Target.PeerName));
    }

    [Fact]
    public async Task Rings_BeforeTheRegionAndInAnyOrder_AreAccepted()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        using RawClient client = server.Client(ClientStage.Introduced);

        client.Step(RawClient.M2SRing.ToBytes(), client.M2SEvent.Descriptor);
        client.Step(RawClient.S2MRing.ToBytes(), client.S2MEvent.Descriptor);
        client.Step(client.Region.ToBytes(), client.Memory.File);
        client.Peer.Send(RawClient.Connecting);

        client.Peer.Expect(MessageType.Connected);
        await server.Events.ExpectUpAsync();
    }

    [Fact]
    public async Task Rings_InTheSecondRegion_AreAccepted()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        using RawClient client = server.Client(ClientStage.Introduced);
        using FileDescriptor buffers = Descriptors.MemoryFile(1 << 20, Libc.F_SEAL_SHRINK);

        client.Step(new AddRegionMessage(0, 1 << 20).ToBytes(), buffers);
        client.Step((client.Region with { Index = 1 }).ToBytes(), client.Memory.File);
        client.Step((RawClient.S2MRing with { Region = 1 }).ToBytes(), client.S2MEvent.Descriptor);
        client.Step((RawClient.M2SRing with { Region = 1 }).ToBytes(), client.M2SEvent.Descriptor);
        client.Peer.Send(RawClient.Connecting);
        client.Peer.Expect(MessageType.Connected);
        await server.Events.ExpectUpAsync();

        AssertSends(server, client, region: 1);
    }

    [Fact]
    public async Task Rings_OfDifferentSizes_AreAccepted()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        using RawClient client = server.Client(ClientStage.RegionAdded);

        client.Step((RawClient.S2MRing with { Log2Size = 0 }).ToBytes(), client.S2MEvent.Descriptor);
        client.Step((RawClient.M2SRing with { Log2Size = 4 }).ToBytes(), client.M2SEvent.Descriptor);
        client.Peer.Send(RawClient.Connecting);

        client.Peer.Expect(MessageType.Connected);
        await server.Events.ExpectUpAsync();
    }

    [Fact]
    public async Task Rings_OfAClientWith128ByteCacheLines_Work()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        using RawClient client = server.Client(ClientStage.Introduced);
        var layout = new RingLayout(RawClient.Log2RingSize, CacheLine: 128);
        using SharedRegion memory = SharedRegion.Create("memif", (ulong)(2 * layout.Bytes) + 4096);
        var s2m = new Ring(memory, 0, layout);
        s2m.Initialize();
        new Ring(memory, (uint)layout.Bytes, layout).Initialize();

        client.Step(new AddRegionMessage(0, memory.Size).ToBytes(), memory.File);
        client.Step(RawClient.S2MRing.ToBytes(), client.S2MEvent.Descriptor);
        client.Step((RawClient.M2SRing with { Offset = (uint)layout.Bytes }).ToBytes(), client.M2SEvent.Descriptor);
        client.Peer.Send(RawClient.Connecting);
        client.Peer.Expect(MessageType.Connected);
        await server.Events.ExpectUpAsync();
        s2m.WriteDescriptor(0, new Descriptor { Length = 5, Offset = (uint)(2 * layout.Bytes) });
        s2m.ReleaseHead(1);

        Assert.True(server.Target.RxQueues[0].TryReceive(new byte[8], out int length));
        Assert.Equal(5, length);
        Assert.Equal(1, s2m.AcquireTail());
    }

    [Fact]
    public async Task Connect_CountersThatAClientLeftBehind_AreReset()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        using RawClient client = server.Client(ClientStage.RingsAdded);
        client.S2M.ReleaseHead(5);
        client.S2M.ReleaseTail(77);
        client.M2S.ReleaseHead(8);
        client.M2S.ReleaseTail(3);

        client.Peer.Send(RawClient.Connecting);
        client.Peer.Expect(MessageType.Connected);

        Assert.Equal((0, 0), (client.S2M.AcquireHead(), client.S2M.AcquireTail()));
        Assert.Equal((0, 0), (client.M2S.AcquireHead(), client.M2S.AcquireTail()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Connect_MaskOfTheRingOnWhichTheClientReceives_IsLeftToTheClient(bool masked)
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        using RawClient client = server.Client(ClientStage.RingsAdded);
        client.M2S.SetMask(masked);

        client.Peer.Send(RawClient.Connecting);
        client.Peer.Expect(MessageType.Connected);
        await server.Events.ExpectUpAsync();
        client.PostAll();
        Assert.True(server.Target.TxQueues[0].TrySend([1]));

        Assert.Equal(masked, client.M2S.IsMasked);
        Assert.Equal(masked ? 0UL : 1UL, Count(client.M2SEvent));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Wait_MaskThatTheClientLeftOnItsSendingRing_IsCleared(bool masked)
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        using RawClient client = server.Client(ClientStage.RingsAdded);
        client.S2M.SetMask(masked);
        client.Peer.Send(RawClient.Connecting);
        client.Peer.Expect(MessageType.Connected);
        await server.Events.ExpectUpAsync();

        Task waiting = Task.Run(() =>
        {
            while (!server.Target.RxQueues[0].TryReceive(new byte[1], out _))
                server.Target.RxQueues[0].Wait(Timeout.InfiniteTimeSpan);
        });
        Assert.True(SpinWait.SpinUntil(() => !client.S2M.IsMasked, TimeSpan.FromSeconds(20)));
        client.S2M.WriteDescriptor(0, new Descriptor { Length = 1, Offset = RawClient.BufferOf(0) });
        client.S2M.ReleaseHead(1);
        client.S2MEvent.Signal();

        await waiting.WaitAsync(TimeSpan.FromSeconds(20));
    }

    private static void AssertSends(ServerUnderTest server, RawClient client, ushort region)
    {
        "from the client"u8.CopyTo(client.Memory.Slice(RawClient.BufferOf(0), 15));
        client.S2M.WriteDescriptor(0, new Descriptor { Region = region, Length = 15, Offset = RawClient.BufferOf(0) });
        client.S2M.ReleaseHead(1);

        byte[] received = new byte[32];
        Assert.True(server.Target.RxQueues[0].TryReceive(received, out int length));
        Assert.Equal("from the client"u8, received.AsSpan(0, length));
        Assert.Equal(1, client.S2M.AcquireTail());
    }

    private static void AssertReceives(ServerUnderTest server, RawClient client)
    {
        Assert.True(server.Target.TxQueues[0].TrySend("from the server"u8));

        Assert.Equal(1, client.M2S.AcquireTail());
        Descriptor received = client.M2S.ReadDescriptor(0);
        Assert.Equal((15u, 0), (received.Length, received.Flags));
        Assert.Equal("from the server"u8, client.Memory.Slice(received.Offset, 15));
    }

    private static ulong Count(EventCounter @event)
    {
        _ = Libc.ReadNow(@event.Descriptor, out ulong count);
        return count;
    }
}
