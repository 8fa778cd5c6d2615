using ZMemif.Udp.Link;

namespace ZMemif.Udp.Tests.Link;

/// <summary>Two links of this process that are each other's peer, over real shared memory.</summary>
public sealed class MemifLinkTests : IAsyncLifetime
{
    private const int RingSize = 8;
    private const int BufferSize = 256;

    private readonly string _socket = $"@zmemif-test-{Guid.NewGuid():N}";
    private MemifLink _server = null!;
    private MemifLink _client = null!;

    public async ValueTask InitializeAsync()
    {
        _server = New(MemifRole.Server);
        _client = New(MemifRole.Client);
        await _client.WaitUpAsync(TestContext.Current.CancellationToken);
        await _server.WaitUpAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(true, BufferSize)]
    [InlineData(true, BufferSize + 1)]
    [InlineData(true, BufferSize * RingSize)]
    [InlineData(false, 60)]
    [InlineData(false, BufferSize * 3)]
    public void Frame_OfOneBufferOrOfSeveral_ArrivesWhole(bool fromServer, int length)
    {
        (ILinkTransmitter transmitter, ILinkReceiver receiver) = Way(fromServer);
        byte[] frame = [.. Enumerable.Range(0, length).Select(i => (byte)(i * 3))];

        Assert.True(transmitter.TryReserve(length, out Span<byte> reserved));
        Assert.Equal(length, reserved.Length);
        frame.CopyTo(reserved);
        Assert.True(transmitter.Commit());

        Assert.Equal(1, receiver.Acquire(64));
        Assert.True(receiver.TryRead(out ReadOnlySpan<byte> received));
        Assert.Equal(frame, received.ToArray());
        Assert.False(receiver.TryRead(out _));
        receiver.Release();
        Assert.Equal((1, 1), (transmitter.Frames, receiver.Frames));
    }

    [Theory]
    [InlineData(60)]
    [InlineData(BufferSize * 2)]
    public void Frame_Discarded_IsNotSentAndLeavesTheQueueUsable(int length)
    {
        (ILinkTransmitter transmitter, ILinkReceiver receiver) = Way(fromServer: false);
        Assert.True(transmitter.TryReserve(length, out _));

        transmitter.Discard();

        Assert.Equal(0, receiver.Acquire(64));
        Assert.True(transmitter.TryReserve(1, out Span<byte> next));
        next[0] = 42;
        Assert.True(transmitter.Commit());
        Assert.Equal(1, receiver.Acquire(64));
        Assert.True(receiver.TryRead(out ReadOnlySpan<byte> received));
        Assert.Equal([42], received.ToArray());
        receiver.Release();
    }

    [Theory]
    [InlineData(60, 60, 60)]
    [InlineData(60, 2 * BufferSize, 60)]
    [InlineData(2 * BufferSize, (2 * BufferSize) + 1, 3)]
    public void Reservations_Several_ArriveInOrderTogether(params int[] lengths)
    {
        (ILinkTransmitter transmitter, ILinkReceiver receiver) = Way(fromServer: false);
        for (int i = 0; i < lengths.Length; i++)
        {
            Assert.True(transmitter.TryReserve(lengths[i], out Span<byte> frame));
            frame.Fill((byte)i);
        }

        Assert.Equal(0, receiver.Acquire(64));
        Assert.True(transmitter.Commit());

        Assert.Equal(lengths.Length, transmitter.Frames);
        Assert.Equal(lengths.Length, receiver.Acquire(64));
        for (int i = 0; i < lengths.Length; i++)
        {
            Assert.True(receiver.TryRead(out ReadOnlySpan<byte> frame));
            Assert.Equal(Enumerable.Repeat((byte)i, lengths[i]), frame.ToArray());
        }

        receiver.Release();
    }

    [Fact]
    public void Reservations_OfSeveralSlots_EndWithTheRing()
    {
        (ILinkTransmitter transmitter, ILinkReceiver receiver) = Way(fromServer: false);
        for (int i = 0; i < RingSize / 2; i++)
            Assert.True(transmitter.TryReserve(2 * BufferSize, out _));

        Assert.False(transmitter.TryReserve(2 * BufferSize, out _));
        Assert.True(transmitter.Commit());

        Assert.Equal(RingSize / 2, transmitter.Frames);
        Assert.Equal(RingSize / 2, Drain(receiver));
    }

    [Fact]
    public void Reservation_OfMoreSlotsThanAreFree_IsRefused()
    {
        (ILinkTransmitter transmitter, _) = Way(fromServer: false);
        for (int i = 0; i < RingSize - 2; i++)
            Assert.True(TrySend(transmitter, 1));

        Assert.False(transmitter.TryReserve((2 * BufferSize) + 1, out _));

        Assert.True(transmitter.TryReserve(2 * BufferSize, out _));
        Assert.True(transmitter.Commit());
    }

    [Fact]
    public void Slots_OfFrames_AreAsManyAsTheyTake()
    {
        (ILinkTransmitter transmitter, ILinkReceiver receiver) = Way(fromServer: false);
        Assert.Equal((RingSize, RingSize), (transmitter.Capacity, transmitter.Room));
        Assert.Equal((1, 2, 2, 3), (transmitter.SlotsFor(BufferSize), transmitter.SlotsFor(BufferSize + 1), transmitter.SlotsFor(2 * BufferSize), transmitter.SlotsFor((2 * BufferSize) + 1)));

        Assert.True(TrySend(transmitter, (2 * BufferSize) + 1));

        Assert.Equal((RingSize, RingSize - 3), (transmitter.Capacity, transmitter.Room));
        Assert.Equal(1, Drain(receiver));
        Assert.Equal(RingSize, transmitter.Room);
    }

    [Fact]
    public void Ring_Full_RefusesUntilThePeerHasRead()
    {
        (ILinkTransmitter transmitter, ILinkReceiver receiver) = Way(fromServer: false);
        for (int i = 0; i < RingSize; i++)
            Assert.True(TrySend(transmitter, 60));

        Assert.False(TrySend(transmitter, 60));
        Assert.False(TrySend(transmitter, BufferSize * 2));
        Assert.Equal(RingSize, Drain(receiver));

        Assert.True(TrySend(transmitter, 60));
        Assert.Equal(RingSize + 1, transmitter.Frames);
    }

    [Fact]
    public void Ring_AlmostFull_RefusesALongFrameWholly()
    {
        (ILinkTransmitter transmitter, ILinkReceiver receiver) = Way(fromServer: false);
        for (int i = 0; i < RingSize - 1; i++)
            Assert.True(TrySend(transmitter, 60));

        Assert.False(TrySend(transmitter, BufferSize * 2));

        Assert.True(TrySend(transmitter, 60));
        Assert.Equal(RingSize, Drain(receiver));
    }

    [Fact]
    public async Task Peer_Gone_NothingCanBeSent()
    {
        await _server.DisposeAsync();

        Assert.True(SpinWait.SpinUntil(() => !_client.IsUp, TimeSpan.FromSeconds(20)));
        Assert.False(TrySend(_client.Transmitters[0], 60));
        Assert.Equal(0, _client.Receivers[0].Acquire(64));
    }

    private MemifLink New(MemifRole role) => new(new MemifInterfaceOptions
    {
        Socket = _socket,
        Role = role,
        RingSize = RingSize,
        BufferSize = BufferSize,
    });

    private (ILinkTransmitter Transmitter, ILinkReceiver Receiver) Way(bool fromServer) => fromServer
        ? (_server.Transmitters[0], _client.Receivers[0])
        : (_client.Transmitters[0], _server.Receivers[0]);

    private static bool TrySend(ILinkTransmitter transmitter, int length) =>
        transmitter.TryReserve(length, out _) && transmitter.Commit();

    private static int Drain(ILinkReceiver receiver)
    {
        int frames = receiver.Acquire(64);
        while (receiver.TryRead(out _))
        {
        }

        receiver.Release();
        return frames;
    }
}
