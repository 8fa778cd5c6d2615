using ZMemif.Memory;
using ZMemif.Queues;
using ZMemif.Tests.Peers;

namespace ZMemif.Tests.Queues;

/// <summary>
/// What two walks on one ring must do together: packets come out as they went in, a packet is taken exactly if its
/// slots are free, and slots are free again when their packet was released.
/// </summary>
internal sealed class PairModel(RingBed bed, TxWalk tx, RxWalk rx)
{
    private readonly Queue<byte[]> _inFlight = new();
    private int _free = bed.Slots;
    private byte _content;

    /// <summary>Adds several packets, one longer than the other, and publishes them together.</summary>
    internal void Send(int packets, int length)
    {
        var added = new List<byte[]>();
        for (int i = 0; i < packets; i++)
        {
            byte[] packet = NewPacket(length + i);
            bool fits = SlotsOf(packet) <= _free;
            Assert.Equal(fits, tx.TryAdd(packet));
            if (!fits)
                continue;
            _free -= SlotsOf(packet);
            added.Add(packet);
        }

        tx.Commit();
        added.ForEach(_inFlight.Enqueue);
        AssertNoViolation();
    }

    /// <summary>Reserves several buffers of one slot, fills them, and publishes or gives up all of them.</summary>
    internal void Reserve(int buffers, int length, bool commit)
    {
        var reserved = new List<byte[]>();
        for (int i = 0; i < buffers; i++)
        {
            byte[] packet = NewPacket(length);
            bool fits = reserved.Count < _free && length <= RingBed.BufferSize;
            Assert.Equal(fits, tx.TryReserve(length, out Span<byte> buffer));
            if (!fits)
                continue;
            packet.CopyTo(buffer);
            reserved.Add(packet);
        }

        Assert.Equal(reserved.Count > 0, tx.HasReservations);
        if (commit)
        {
            tx.Commit();
            _free -= reserved.Count;
            reserved.ForEach(_inFlight.Enqueue);
        }
        else
        {
            tx.Discard();
        }

        AssertNoViolation();
    }

    /// <summary>Gathers, reads some of what was gathered, and releases that.</summary>
    internal void Receive(int most, int read)
    {
        int gathered = rx.Gather(most);
        Assert.InRange(gathered, Math.Min(1, _inFlight.Count), Math.Min(most, _inFlight.Count));
        int released = 0;
        for (int i = 0; i < Math.Min(read, gathered); i++)
        {
            byte[] expected = _inFlight.Dequeue();
            Assert.True(rx.TryRead(out ReadOnlySpan<PacketSegment> segments, out int length));
            Assert.Equal((expected.Length, SlotsOf(expected)), (length, segments.Length));
            Assert.Equal(expected, Content(segments));
            released += segments.Length;
        }

        if (read >= gathered)
            Assert.False(rx.TryRead(out _, out _));
        rx.Release();
        _free += released;
        AssertNoViolation();
    }

    internal void ReceiveTheRest()
    {
        while (_inFlight.Count > 0)
            Receive(most: 1000, read: 1000);
        Assert.Equal(0, rx.Gather(1));
        Assert.Equal(bed.Slots, _free);
    }

    private static int SlotsOf(byte[] packet) => (packet.Length + RingBed.BufferSize - 1) / RingBed.BufferSize;

    private byte[] NewPacket(int length)
    {
        byte[] packet = new byte[length];
        for (int i = 0; i < length; i++)
            packet[i] = _content++;
        _content += 13;
        return packet;
    }

    private byte[] Content(ReadOnlySpan<PacketSegment> segments)
    {
        var content = new List<byte>();
        foreach (PacketSegment segment in segments)
            content.AddRange(bed.Generation.View(segment));
        return [.. content];
    }

    private void AssertNoViolation()
    {
        Assert.Null(tx.Violation);
        Assert.Null(rx.Violation);
    }
}
