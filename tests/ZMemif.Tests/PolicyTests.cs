using ZMemif.Control;
using ZMemif.Memory;
using ZMemif.Native;
using ZMemif.Tests.Peers;

namespace ZMemif.Tests;

/// <summary>What a port accepts from its peer, by its options: seals, sizes, malformed packets.</summary>
[Collection(nameof(Alone))]
public sealed class PolicyTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public Task Seals_Require_RefusesWhatCanShrink() => new Offence(
        ClientStage.Introduced,
        client => AnnounceUnsealed(client, 0),
        "is not sealed against shrinking (F_SEAL_SHRINK)").AssertRefusedAsync(new MemifPortOptions { Seals = MemifSealPolicy.Require });

    [Fact]
    public async Task Seals_Warn_AcceptsAndWarnsOncePerConnection()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(new MemifPortOptions { Seals = MemifSealPolicy.Warn });
        var warnings = new System.Collections.Concurrent.ConcurrentQueue<MemifErrorEventArgs>();
        server.Socket.Error += (_, arguments) => warnings.Enqueue(arguments);

        for (int connection = 1; connection <= 2; connection++)
        {
            using (RawClient client = server.Client(ClientStage.RegionAdded))
            {
                ExpectAck(client, () => AnnounceUnsealed(client, 1));
                ExpectAck(client, () => AnnounceUnsealed(client, 2));
                client.Advance(ClientStage.Up, after: ClientStage.RegionAdded);
                await server.Events.ExpectUpAsync();
                client.Send([1]);
                Assert.True(server.Target.RxQueues[0].TryReceive(new byte[1], out _));
            }

            await server.Events.ExpectDownAsync();
            Assert.True(SpinWait.SpinUntil(() => warnings.Count == connection, TimeSpan.FromSeconds(20)));
        }

        Assert.All(warnings, warning =>
        {
            Assert.True(warning.IsWarning);
            Assert.Same(server.Target, warning.Port);
            Assert.Equal("The peer can shrink its memory region 1, and end this process by it.", warning.Error.Message);
        });
    }

    [Fact]
    public async Task Seals_Warn_SealedMemory_SaysNothing()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(new MemifPortOptions { Seals = MemifSealPolicy.Warn });
        int warnings = 0;
        server.Socket.Error += (_, _) => Interlocked.Increment(ref warnings);

        using (server.Client(ClientStage.Up))
            await server.Events.ExpectUpAsync();

        await server.Events.ExpectDownAsync();
        Assert.Equal(0, warnings);
    }

    [Fact]
    public async Task Seals_Ignore_AcceptsAndSaysNothing()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(new MemifPortOptions { Seals = MemifSealPolicy.Ignore });
        int warnings = 0;
        server.Socket.Error += (_, _) => Interlocked.Increment(ref warnings);

        using (RawClient client = server.Client(ClientStage.RegionAdded))
        {
            ExpectAck(client, () => AnnounceUnsealed(client, 1));
            client.Advance(ClientStage.Up, after: ClientStage.RegionAdded);
            await server.Events.ExpectUpAsync();
        }

        await server.Events.ExpectDownAsync();
        Assert.Equal(0, warnings);
    }

    [Fact]
    public async Task MaxRegionBytes_Reached_IsAcceptedAndOneMoreIsNot()
    {
        var options = new MemifPortOptions { MaxRegionBytes = 1 << 20 };
        await new Offence(
            ClientStage.RegionAdded,
            client => Announce(client, 1, (1 << 20) + 1),
            "announced a region of 1048577 bytes, more than MaxRegionBytes (1048576)").AssertRefusedAsync(options);

        await using ServerUnderTest server = await ServerUnderTest.StartAsync(options);
        using RawClient client = server.Client(ClientStage.RegionAdded);
        ExpectAck(client, () => Announce(client, 1, 1 << 20));
        client.Advance(ClientStage.Up, after: ClientStage.RegionAdded);
    }

    [Fact]
    public async Task MaxTotalBytes_Reached_IsAcceptedAndOneMoreIsNot()
    {
        using RawClient measured = await MeasuredAsync();
        long first = (long)measured.Memory.Size;
        var options = new MemifPortOptions { MaxTotalBytes = first + 8192 };
        await new Offence(
            ClientStage.RegionAdded,
            client =>
            {
                ExpectAck(client, () => Announce(client, 1, 4096));
                Announce(client, 2, 4097);
            },
            $"announced more in all regions than MaxTotalBytes ({first + 8192})").AssertRefusedAsync(options);

        await using ServerUnderTest server = await ServerUnderTest.StartAsync(options);
        using RawClient client = server.Client(ClientStage.RegionAdded);
        ExpectAck(client, () => Announce(client, 1, 4096));
        ExpectAck(client, () => Announce(client, 2, 4096));
        client.Advance(ClientStage.Up, after: ClientStage.RegionAdded);
    }

    [Fact]
    public async Task MaxRingSize_Smaller_IsAdvertisedAndEnforced()
    {
        var options = new MemifPortOptions { MaxRingSize = 4 };
        await new Offence(
            ClientStage.RegionAdded,
            client => client.Peer.Send(RawClient.S2MRing.ToBytes(), client.S2MEvent.Descriptor),
            "announced a ring of 2^3 slots, more than MaxRingSize (2^2)").AssertRefusedAsync(options, servesNext: false);
    }

    [Fact]
    public async Task MaxRingSize_OfSeveralPorts_TheLargestIsAdvertised()
    {
        string address = TestAddress.Abstract();
        await using var socket = new MemifSocket(address);
        socket.AddPort(new MemifPortOptions { Id = 1, Role = MemifRole.Server, MaxRingSize = 16 });
        socket.AddPort(new MemifPortOptions { Id = 2, Role = MemifRole.Server, MaxRingSize = 32768 });
        socket.Start();

        using RawPeer peer = RawPeer.Connect(address);

        Assert.Equal(15, HelloMessage.Read(peer.Expect(MessageType.Hello)).MaxLog2RingSize);
    }

    [Fact]
    public async Task Malformed_Drop_DropsThePacketCountsItAndGoesOn()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(new MemifPortOptions { Malformed = MemifMalformedPolicy.Drop });
        using RawClient client = server.Client(ClientStage.Up);
        await server.Events.ExpectUpAsync();
        MemifRxQueue rx = server.Target.RxQueues[0];

        for (ushort i = 0; i < 100; i++)
        {
            client.S2M.WriteDescriptor(i, i % 2 == 0
                ? new Descriptor { Region = 0xffff, Length = 1 }
                : new Descriptor { Offset = RawClient.BufferOf(0), Length = i });
            client.S2M.ReleaseHead((ushort)(i + 1));
            Assert.Equal(i % 2 == 1, rx.TryReceive(new byte[1], out int length));
            Assert.Equal(i % 2 == 1 ? i : 0, length);
            Assert.Equal(i + 1, client.S2M.AcquireTail());
        }

        Assert.Equal((50UL, 50UL, 2500UL), (rx.Statistics.DroppedOutsideMemory, rx.Statistics.Packets, rx.Statistics.Bytes));
        Assert.Equal(MemifPortState.Connected, server.Target.State);
    }

    [Fact]
    public async Task Malformed_DropAtAClient_GoesOnToo()
    {
        string address = TestAddress.Abstract();
        using var server = new RawServer(address);
        await using var socket = new MemifSocket(address);
        MemifPort port = socket.AddPort(new MemifPortOptions { RingSize = 4, Malformed = MemifMalformedPolicy.Drop });
        socket.Start();
        using RawPeer peer = server.Accept();
        using RawServerMemory memory = RawServer.Complete(peer);
        await port.WaitConnectedAsync().WaitAsync(Patience);

        memory.M2S.WriteLengthAndFlags(0, 2049, 0);
        memory.M2S.WriteLengthAndFlags(1, 2048, 0);
        memory.M2S.ReleaseTail(2);

        Assert.True(port.RxQueues[0].TryLease(out MemifLease lease));
        Assert.Equal(2048, lease.Length);
        Assert.Equal(5, memory.M2S.AcquireHead());
        lease.Dispose();
        Assert.Equal(6, memory.M2S.AcquireHead());
        Assert.Equal(2048U, memory.M2S.ReadDescriptor(0).Length);
        Assert.Equal((1UL, 1UL), (port.RxQueues[0].Statistics.DroppedLongerThanBuffer, port.RxQueues[0].Statistics.Malformed));
        Assert.Equal(MemifPortState.Connected, port.State);
    }

    private static async Task<RawClient> MeasuredAsync()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        return server.Client(ClientStage.Greeted);
    }

    private static void AnnounceUnsealed(RawClient client, ushort index)
    {
        using FileDescriptor file = Descriptors.MemoryFile(4096, seals: 0);
        client.Peer.Send(new AddRegionMessage(index, 4096).ToBytes(), file);
    }

    private static void Announce(RawClient client, ushort index, long bytes)
    {
        using FileDescriptor file = Descriptors.MemoryFile(bytes, Libc.F_SEAL_SHRINK);
        client.Peer.Send(new AddRegionMessage(index, (ulong)bytes).ToBytes(), file);
    }

    private static void ExpectAck(RawClient client, Action announce)
    {
        announce();
        client.Peer.Expect(MessageType.Ack);
    }
}
