using System.Text;
using ZMemif.Memory;
using ZMemif.Tests.Peers;

namespace ZMemif.Tests;

/// <summary>Room that a client leaves before the data of each buffer, as its server sees it.</summary>
public sealed class HeadroomTests
{
    private const int RingSize = 4;
    private const int BufferSize = 300;
    private const int Headroom = 44;
    private const int Capacity = BufferSize - Headroom;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Client_PostsBuffers_BehindTheHeadroomAndShorterByIt()
    {
        await WithServerAsync((_, memory) =>
        {
            Assert.Equal(RingSize, memory.M2S.AcquireHead());
            for (uint slot = 0; slot < RingSize; slot++)
            {
                Descriptor descriptor = memory.M2S.ReadDescriptor(slot);
                Assert.Equal(BufferOf(RingSize + slot) + Headroom, descriptor.Offset);
                Assert.Equal((Capacity, 0, 0), ((int)descriptor.Length, descriptor.Region, descriptor.Flags));
            }
        });
    }

    [Fact]
    public async Task Client_Sends_BehindTheHeadroomAndChainsWhatIsLongerThanTheRest()
    {
        await WithServerAsync((port, memory) =>
        {
            byte[] packet = [.. Enumerable.Range(0, Capacity + 10).Select(i => (byte)i)];
            Assert.Equal(Capacity, port.TxQueues[0].NextBufferLength);

            Assert.True(port.TxQueues[0].TrySend(packet));

            Assert.Equal(2, memory.S2M.AcquireHead());
            (Descriptor first, Descriptor second) = (memory.S2M.ReadDescriptor(0), memory.S2M.ReadDescriptor(1));
            Assert.Equal((BufferOf(0) + Headroom, Capacity, Descriptor.Next), (first.Offset, (int)first.Length, first.Flags));
            Assert.Equal((BufferOf(1) + Headroom, 10, 0), (second.Offset, (int)second.Length, second.Flags));
            Assert.Equal(packet.AsSpan(0, Capacity), memory.Region.Slice(first.Offset, Capacity));
            Assert.Equal(packet.AsSpan(Capacity), memory.Region.Slice(second.Offset, 10));
        });
    }

    [Fact]
    public async Task TryPrepend_AfterThePayload_MovesTheOffsetAndNothingElse()
    {
        await WithServerAsync((port, memory) =>
        {
            MemifTxQueue tx = port.TxQueues[0];
            for (uint slot = 0; slot < 2; slot++)
            {
                Assert.True(tx.TryReserve(4, out Span<byte> payload));
                "data"u8.CopyTo(payload);
                Assert.True(tx.TryPrepend(2, out Span<byte> inner));
                "in"u8.CopyTo(inner);
                Assert.True(tx.TryPrepend(Headroom - 2, out Span<byte> outer));
                outer.Fill((byte)'o');
                Assert.False(tx.TryPrepend(1, out _));
            }

            Assert.True(tx.TryReserve(3, out _));
            tx.Commit();

            for (uint slot = 0; slot < 2; slot++)
            {
                Descriptor sent = memory.S2M.ReadDescriptor(slot);
                Assert.Equal((BufferOf(slot), Headroom + 4U, 0), (sent.Offset, sent.Length, sent.Flags));
                Assert.Equal(new string('o', Headroom - 2) + "indata", Encoding.ASCII.GetString(memory.Region.Slice(sent.Offset, Headroom + 4)));
            }

            Assert.Equal(BufferOf(2) + Headroom, memory.S2M.ReadDescriptor(2).Offset);
            Assert.Equal((3UL, (2UL * (Headroom + 4)) + 3), (tx.Statistics.Packets, tx.Statistics.Bytes));
        });
    }

    [Fact]
    public async Task TryPrepend_NothingReservedOrNoHeadroom_IsRefused()
    {
        await using PortPair pair = await PortPair.ConnectAsync(options => options.Headroom = 8);
        Assert.False(pair.Client.TxQueues[0].TryPrepend(1, out _));
        Assert.True(pair.Server.TxQueues[0].TryReserve(4, out _));
        Assert.False(pair.Server.TxQueues[0].TryPrepend(1, out _));
        pair.Server.TxQueues[0].Discard();

        Assert.True(pair.Client.TxQueues[0].TryReserve(1, out Span<byte> payload));
        payload[0] = 3;
        Assert.False(pair.Client.TxQueues[0].TryPrepend(9, out _));
        Assert.True(pair.Client.TxQueues[0].TryPrepend(2, out Span<byte> header));
        (header[0], header[1]) = (1, 2);
        pair.Client.TxQueues[0].Commit();

        byte[] received = new byte[8];
        Assert.True(pair.Server.RxQueues[0].TryReceive(received, out int length));
        Assert.Equal([1, 2, 3], received[..length]);
        Assert.Throws<ArgumentOutOfRangeException>(() => pair.Client.TxQueues[0].TryPrepend(0, out _));
    }

    [Fact]
    public async Task Client_Receives_FromBehindTheHeadroom()
    {
        await WithServerAsync((port, memory) =>
        {
            memory.Region.Slice(memory.M2S.ReadDescriptor(0).Offset, Capacity).Fill(7);
            memory.M2S.WriteLengthAndFlags(0, Capacity, 0);
            memory.M2S.ReleaseTail(1);

            Assert.True(port.RxQueues[0].TryLease(out MemifLease lease));

            Assert.Equal(Capacity, lease.Length);
            Assert.Equal(-1, lease.GetSegment(0).IndexOfAnyExcept((byte)7));
            lease.Dispose();
            Assert.Equal(BufferOf(RingSize) + Headroom, memory.M2S.ReadDescriptor(0).Offset);
            Assert.Equal(RingSize + 1, memory.M2S.AcquireHead());
        });
    }

    [Fact]
    public async Task ServerWritesMoreThanTheRest_EndsTheLink()
    {
        await WithServerAsync((port, memory) =>
        {
            memory.M2S.WriteLengthAndFlags(0, Capacity + 1, 0);
            memory.M2S.ReleaseTail(1);

            Assert.False(port.RxQueues[0].TryReceive(new byte[1], out _));

            Assert.True(SpinWait.SpinUntil(() => port.LastError?.Code == MemifErrorCode.RingViolation, Patience));
        });
    }

    private static uint BufferOf(uint slot) =>
        (uint)(2 * new RingLayout(Log2Size: 2, CacheLine: 64).Bytes) + (slot * BufferSize);

    private static async Task WithServerAsync(Action<MemifPort, RawServerMemory> act)
    {
        string address = TestAddress.Abstract();
        using var server = new RawServer(address);
        await using var socket = new MemifSocket(address);
        MemifPort port = socket.AddPort(new MemifPortOptions
        {
            RingSize = RingSize,
            BufferSize = BufferSize,
            Headroom = Headroom,
            CacheLineSize = 64,
        });
        socket.Start();
        using RawPeer peer = server.Accept();
        using RawServerMemory memory = RawServer.Complete(peer);
        await port.WaitConnectedAsync().WaitAsync(Patience);
        act(port, memory);
    }
}
