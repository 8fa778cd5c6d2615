using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Engine;

/// <summary>Several datagrams with one call, over real shared memory.</summary>
public sealed class BatchTests : IAsyncLifetime
{
    private const int RingSize = 64;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private static readonly int[] s_sizes = [0, 1, 1000, 1472, 3000, 5];

    private readonly MemifInterface _first;
    private readonly MemifInterface _second;
    private readonly MemifDatagramSocket _sender;
    private readonly MemifDatagramSocket _receiver;
    private readonly MemifEndPoint _to;

    public BatchTests()
    {
        (_first, _second) = MemifInterface.CreatePair(options => (options.RingSize, options.Overflow) = (RingSize, MemifOverflow.Hold));
        _sender = Open(_first);
        _receiver = Open(_second);
        _to = new MemifEndPoint((IPEndPoint)_receiver.LocalEndPoint!);
        _sender.SendTo([1], _to.ToIPEndPoint()); // so that they know each other
        _receiver.Receive(new byte[1]);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _sender.Dispose();
        _receiver.Dispose();
        await _first.DisposeAsync();
        await _second.DisposeAsync();
    }

    [Fact]
    public void Batch_OfSomeSizes_ArrivesInOrderWithAllThatIsToBeKnown()
    {
        _sender.Ttl = 33;
        _sender.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.TypeOfService, 0xB8);
        MemifDatagram[] sent = [.. s_sizes.Select(length => Datagram(length, _to))];

        Assert.Equal(sent.Length, _sender.SendBatch(sent));

        MemifDatagram[] received = ReceiveAll(sent.Length, room: 3000);
        Assert.Equal(sent.Select(datagram => datagram.Payload.ToArray()), received.Select(datagram => datagram.Payload.ToArray()));
        Assert.All(received, datagram =>
        {
            Assert.Equal(_sender.LocalEndPoint, datagram.RemoteEndPoint.ToIPEndPoint());
            Assert.Equal(_to, datagram.LocalEndPoint);
            Assert.Equal((33, 0xB8, false), (datagram.TimeToLive, datagram.TypeOfService, datagram.IsTruncated));
        });
    }

    [Fact]
    public void Batch_ToThePeer_NeedsNoEndPoints()
    {
        _sender.Connect(_to.ToIPEndPoint());

        Assert.Equal(3, _sender.SendBatch([Datagram(1), Datagram(2), Datagram(3)]));

        Assert.Equal([1, 2, 3], ReceiveAll(3).Select(datagram => datagram.Length));
    }

    [Fact]
    public void ReceiveBatch_IntoBuffersThatAreTooShort_Truncates()
    {
        _sender.SendBatch([Datagram(10, _to), Datagram(3, _to), Datagram(0, _to)]);

        MemifDatagram[] received = ReceiveAll(3, room: 3);

        Assert.Equal([(3, true), (3, false), (0, false)], received.Select(datagram => (datagram.Length, datagram.IsTruncated)));
    }

    [Fact]
    public void ReceiveBatch_TakesWhatIsThereAndDoesNotWaitForMore()
    {
        _sender.SendBatch([Datagram(1, _to), Datagram(2, _to)]);
        MemifDatagram[] room = Room(8, 10);

        Assert.Equal(2, _receiver.ReceiveBatch(room));
        Assert.Equal(0, _receiver.ReceiveBatch([]));
        _receiver.ReceiveTimeout = 5;
        Assert.Equal(SocketError.TimedOut, Assert.Throws<SocketException>(() => _receiver.ReceiveBatch(room)).SocketErrorCode);
        _receiver.Blocking = false;
        Assert.Equal(SocketError.WouldBlock, Assert.Throws<SocketException>(() => _receiver.ReceiveBatch(room)).SocketErrorCode);
    }

    [Fact]
    public void ReceiveBatch_TakesFirstWhatLiesInTheReceiveBuffer()
    {
        _sender.SendBatch([Datagram(1, _to), Datagram(2, _to)]);
        Assert.Equal(1, _receiver.Available);
        _sender.SendBatch([Datagram(3, _to)]);

        Assert.Equal([1, 2, 3], ReceiveAll(3).Select(datagram => datagram.Length));
    }

    [Fact]
    public void Batch_InMemoryThatIsNoArray_IsCarried()
    {
        using var sending = new NativeMemory(100);
        using var receiving = new NativeMemory(100);
        sending.Memory.Span.Fill(7);
        MemifDatagram[] room = [new MemifDatagram(receiving.Memory)];

        Assert.Equal(2, _sender.SendBatch([new MemifDatagram(sending.Memory) { Length = 100, RemoteEndPoint = _to }, Datagram(1, _to)]));

        Assert.Equal(1, _receiver.ReceiveBatch(room));
        Assert.Equal(sending.Memory.ToArray(), room[0].Payload.ToArray());
        Assert.Equal(1, ReceiveAll(1)[0].Length);
    }

    [Fact]
    public void SendBatch_RingFull_SendsWhatThereIsRoomFor()
    {
        _sender.Blocking = false;
        _receiver.ReceiveBufferSize = 0;
        MemifDatagram[] many = [.. Enumerable.Range(0, 4 * RingSize).Select(_ => Datagram(10, _to))];

        int sent = _sender.SendBatch(many);

        Assert.InRange(sent, 1, many.Length - 1);
        Assert.Equal(SocketError.WouldBlock, Assert.Throws<SocketException>(() => FillUp(many)).SocketErrorCode);
    }

    [Fact]
    public async Task Batches_ManyMoreThanTheRingHolds_AllArriveInOrder()
    {
        const int Datagrams = 20_000;
        Task sending = Task.Run(() =>
        {
            MemifDatagram[] batch = [.. Enumerable.Range(0, 100).Select(_ => Datagram(4, _to))];
            for (int next = 0; next < Datagrams; next += batch.Length)
            {
                for (int i = 0; i < batch.Length; i++)
                    BitConverter.TryWriteBytes(batch[i].Buffer.Span, next + i);
                Assert.Equal(batch.Length, _sender.SendBatch(batch));
            }
        });

        MemifDatagram[] room = Room(70, 4);
        for (int next = 0; next < Datagrams;)
        {
            int count = _receiver.ReceiveBatch(room);
            for (int i = 0; i < count; i++)
                Assert.Equal(next++, BitConverter.ToInt32(room[i].Payload.Span));
        }

        await sending.WaitAsync(s_patience);
    }

    [Fact]
    public async Task BatchesAsync_ManyMoreThanTheRingHolds_AllArriveInOrder()
    {
        const int Datagrams = 20_000;
        Task sending = Task.Run(async () =>
        {
            MemifDatagram[] batch = [.. Enumerable.Range(0, 100).Select(_ => Datagram(4, _to))];
            for (int next = 0; next < Datagrams; next += batch.Length)
            {
                for (int i = 0; i < batch.Length; i++)
                    BitConverter.TryWriteBytes(batch[i].Buffer.Span, next + i);
                Assert.Equal(batch.Length, await _sender.SendBatchAsync(batch));
            }
        });

        MemifDatagram[] room = Room(70, 4);
        for (int next = 0; next < Datagrams;)
        {
            int count = await _receiver.ReceiveBatchAsync(room).AsTask().WaitAsync(s_patience);
            for (int i = 0; i < count; i++)
                Assert.Equal(next++, BitConverter.ToInt32(room[i].Payload.Span));
        }

        await sending.WaitAsync(s_patience);
    }

    [Fact]
    public async Task ReceiveBatchAsync_Cancelled_TakesNothing()
    {
        using var cancellation = new CancellationTokenSource();
        ValueTask<int> receiving = _receiver.ReceiveBatchAsync(Room(4, 4), cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => receiving.AsTask().WaitAsync(s_patience));

        _sender.SendBatch([Datagram(4, _to)]);

        Assert.Equal(1, _receiver.ReceiveBatch(Room(4, 4)));
    }

    [Fact]
    public void SendBatch_WithOneThatCannotBeSent_SendsThoseBeforeItAndTellsThen()
    {
        MemifDatagram[] batch = [Datagram(1, _to), Datagram(2, new MemifEndPoint(IPAddress.Parse("192.0.2.1"), 0)), Datagram(3, _to)];

        Assert.Equal(1, _sender.SendBatch(batch));
        Assert.Equal(SocketError.InvalidArgument, Assert.Throws<SocketException>(() => _sender.SendBatch(batch.AsSpan(1))).SocketErrorCode);
        Assert.Equal(SocketError.DestinationAddressRequired, Assert.Throws<SocketException>(() => _sender.SendBatch([Datagram(1)])).SocketErrorCode);
        Assert.Throws<ArgumentOutOfRangeException>(() => _sender.SendBatch([new MemifDatagram(new byte[3]) { Length = 4, RemoteEndPoint = _to }]));
        Assert.Equal([1], ReceiveAll(1).Select(datagram => datagram.Length));
    }

    [Fact]
    public void Batches_SentAndReceived_AllocateNothing()
    {
        MemifDatagram[] batch = [.. Enumerable.Range(0, 32).Select(_ => Datagram(100, _to))];
        MemifDatagram[] room = Room(32, 100);
        Exchange(100);
        long before = GC.GetAllocatedBytesForCurrentThread();

        Exchange(1000);

        // Nothing for any of 32,000 datagrams; a queue or a pool may grow once.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000);

        void Exchange(int times)
        {
            for (int i = 0; i < times; i++)
            {
                int sent = _sender.SendBatch(batch);
                for (int received = 0; received < sent;)
                    received += _receiver.ReceiveBatch(room);
            }
        }
    }

    [Fact]
    public void Batch_ThroughThisHostsOwnAddress_IsCarriedToo()
    {
        using MemifDatagramSocket local = Open(_second);

        Assert.Equal(2, local.SendBatch([Datagram(1, _to), Datagram(2, _to)]));

        Assert.All(ReceiveAll(2), datagram => Assert.Equal((0, _to), (datagram.TimeToLive, datagram.LocalEndPoint)));
    }

    private static MemifDatagramSocket Open(MemifInterface on)
    {
        var socket = new MemifDatagramSocket(on, AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 20_000, SendTimeout = 20_000 };
        socket.Bind(new IPEndPoint(on.Address, 0));
        return socket;
    }

    private static MemifDatagram Datagram(int length, MemifEndPoint to = default)
    {
        byte[] payload = [.. Enumerable.Range(0, length).Select(i => (byte)(i * 7))];
        return new MemifDatagram(payload) { Length = length, RemoteEndPoint = to };
    }

    private static MemifDatagram[] Room(int count, int length) => [.. Enumerable.Range(0, count).Select(_ => new MemifDatagram(new byte[length]))];

    private MemifDatagram[] ReceiveAll(int count, int room = 2000)
    {
        MemifDatagram[] received = Room(count, room);
        for (int done = 0; done < count;)
            done += _receiver.ReceiveBatch(received.AsSpan(done));
        return received;
    }

    private void FillUp(MemifDatagram[] batch)
    {
        while (true)
            _sender.SendBatch(batch);
    }

    private sealed class NativeMemory(int length) : MemoryManager<byte>
    {
        private readonly byte[] _hidden = new byte[length];

        public override Span<byte> GetSpan() => _hidden;

        public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException();

        public override void Unpin() => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
        }
    }
}
