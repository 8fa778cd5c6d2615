using ZMemif.Control;
using ZMemif.Memory;
using ZMemif.Tests.Peers;

namespace ZMemif.Tests;

/// <summary>
/// A client with its rings in region 0, what it sends in region 1 and what it receives in region 2, as zero-copy clients have;
/// and our own, whose buffers are too many for one.
/// </summary>
public sealed class SeveralRegionsTests
{
    private const int Bytes = 8192;

    [Fact]
    public async Task Server_BuffersInOtherRegions_CarriesPacketsBothWays()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        using RawClient client = server.Client(ClientStage.RegionAdded);
        using SharedRegion sent = SharedRegion.Create("memif", Bytes);
        using SharedRegion received = SharedRegion.Create("memif", Bytes);
        await ConnectAsync(server, client, sent, received);

        "from region 1"u8.CopyTo(sent.Slice(8000, 13));
        client.S2M.WriteDescriptor(0, new Descriptor { Region = 1, Offset = 8000, Length = 13 });
        client.S2M.ReleaseHead(1);
        client.M2S.WriteDescriptor(0, new Descriptor { Region = 2, Offset = Bytes - 4, Length = 4 });
        client.M2S.WriteDescriptor(1, new Descriptor { Region = 2, Offset = 5, Length = 100 });
        client.M2S.ReleaseHead(2);

        byte[] buffer = new byte[64];
        Assert.True(server.Target.RxQueues[0].TryReceive(buffer, out int length));
        Assert.Equal("from region 1"u8, buffer.AsSpan(0, length));
        Assert.True(server.Target.TxQueues[0].TrySend("to region 2"u8));
        Assert.Equal(2, client.M2S.AcquireTail());
        Assert.Equal("to r"u8, received.Slice(Bytes - 4, 4));
        Assert.Equal("egion 2"u8, received.Slice(5, 7));
        Assert.Equal((4U, Descriptor.Next), (client.M2S.ReadDescriptor(0).Length, client.M2S.ReadDescriptor(0).Flags));
        Assert.Equal((7U, 0), (client.M2S.ReadDescriptor(1).Length, client.M2S.ReadDescriptor(1).Flags));
    }

    [Fact]
    public async Task Server_ChainThroughAllRegions_IsOnePacket()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        using RawClient client = server.Client(ClientStage.RegionAdded);
        using SharedRegion sent = SharedRegion.Create("memif", Bytes);
        using SharedRegion received = SharedRegion.Create("memif", Bytes);
        await ConnectAsync(server, client, sent, received);
        "zero"u8.CopyTo(client.Memory.Slice(RawClient.BufferOf(0), 4));
        "one"u8.CopyTo(sent.Slice(0, 3));
        "two"u8.CopyTo(received.Slice(Bytes - 3, 3));

        client.S2M.WriteDescriptor(0, new Descriptor { Region = 0, Offset = RawClient.BufferOf(0), Length = 4, Flags = Descriptor.Next });
        client.S2M.WriteDescriptor(1, new Descriptor { Region = 1, Offset = 0, Length = 3, Flags = Descriptor.Next });
        client.S2M.WriteDescriptor(2, new Descriptor { Region = 2, Offset = Bytes - 3, Length = 3 });
        client.S2M.ReleaseHead(3);

        Assert.True(server.Target.RxQueues[0].TryLease(out MemifLease lease));
        byte[] copy = new byte[10];
        Assert.Equal((10, 3, 10), (lease.Length, lease.SegmentCount, lease.CopyTo(0, copy)));
        Assert.Equal("zeroonetwo"u8, copy);
        lease.Dispose();
        Assert.Equal(3, client.S2M.AcquireTail());
    }

    [Fact]
    public async Task Server_OneRegionTooFar_EndsTheLink()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        using RawClient client = server.Client(ClientStage.RegionAdded);
        using SharedRegion sent = SharedRegion.Create("memif", Bytes);
        using SharedRegion received = SharedRegion.Create("memif", Bytes);
        await ConnectAsync(server, client, sent, received);

        client.S2M.WriteDescriptor(0, new Descriptor { Region = 3, Offset = 0, Length = 1 });
        client.S2M.ReleaseHead(1);

        Assert.False(server.Target.RxQueues[0].TryReceive(new byte[1], out _));
        Assert.Contains("region 3", (await server.Events.ExpectDownAsync()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 7)]
    [InlineData(3 * 8 * 2048, 3)]
    [InlineData(1 << 20, 1)]
    public async Task Client_MoreThanARegionMayHold_MakesSeveralThatCarryPackets(long mostPerRegion, int regions)
    {
        await using PortPair pair = await PortPair.ConnectAsync(options =>
        {
            (options.RingSize, options.MaxRegionBytes) = (8, options.Role == MemifRole.Client ? mostPerRegion : 1 << 20);
            (options.TxQueues, options.RxQueues) = (3, 3);
        });
        Assert.Equal(regions, pair.Client.ToDetails().Split("  region ").Length - 1);
        Assert.Equal(regions, pair.Server.ToDetails().Split("  region ").Length - 1);

        for (int round = 0; round < 20; round++)
        {
            for (int queue = 0; queue < 3; queue++)
            {
                foreach (MemifRole from in (MemifRole[])[MemifRole.Client, MemifRole.Server])
                    AssertCarries(pair.From(from, queue), (byte)((round * 6) + (queue * 2) + (int)from));
            }
        }
    }

    [Fact]
    public async Task Client_EveryBufferOfEveryRegion_IsItsOwn()
    {
        await using PortPair pair = await PortPair.ConnectAsync(options =>
        {
            (options.RingSize, options.MaxRegionBytes) = (4, options.Role == MemifRole.Client ? 8 * 2048 : 1 << 20);
            (options.TxQueues, options.RxQueues) = (3, 3);
        });
        List<(MemifRole From, int Queue)> queues = [.. Enumerable.Range(0, 3).SelectMany(queue => ((MemifRole, int)[])[(MemifRole.Client, queue), (MemifRole.Server, queue)])];

        foreach ((MemifRole from, int queue) in queues)
        {
            for (byte slot = 0; slot < 4; slot++)
                Assert.True(pair.From(from, queue).Tx.TrySend([(byte)from, (byte)queue, slot]));
        }

        byte[] packet = new byte[3];
        foreach ((MemifRole from, int queue) in queues)
        {
            for (byte slot = 0; slot < 4; slot++)
            {
                Assert.True(pair.From(from, queue).Rx.TryReceive(packet, out _));
                Assert.Equal([(byte)from, (byte)queue, slot], packet);
            }
        }
    }

    [Fact]
    public async Task Client_ServerTakesFewerRegions_SaysSo()
    {
        string address = TestAddress.Abstract();
        using var server = new RawServer(address);
        await using var socket = new MemifSocket(address);
        var events = new PortLog(socket.AddPort(new MemifPortOptions { RingSize = 8, MaxRegionBytes = 1 }));
        socket.Start();
        using RawPeer peer = server.Accept();

        peer.Send((RawServer.Hello with { MaxRegion = 1 }).ToBytes());

        Assert.Equal(
            "The peer takes 2 regions, and this needs 3; MaxRegionBytes makes them larger.", (await events.ExpectDownAsync()).Message);
    }

    private static void AssertCarries((MemifTxQueue Tx, MemifRxQueue Rx) way, byte mark)
    {
        byte[] packet = [.. Enumerable.Repeat(mark, 3000)];
        byte[] received = new byte[3000];
        Assert.True(way.Tx.TrySend(packet));
        Assert.True(way.Rx.TryReceive(received, out int length));
        Assert.Equal(3000, length);
        Assert.Equal(packet, received);
    }

    private static async Task ConnectAsync(ServerUnderTest server, RawClient client, SharedRegion sent, SharedRegion received)
    {
        client.Step(new AddRegionMessage(1, Bytes).ToBytes(), sent.File);
        client.Step(new AddRegionMessage(2, Bytes).ToBytes(), received.File);
        client.Advance(ClientStage.Up, after: ClientStage.RegionAdded);
        await server.Events.ExpectUpAsync();
    }
}
