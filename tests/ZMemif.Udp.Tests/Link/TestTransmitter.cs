using ZMemif.Udp.Link;

namespace ZMemif.Udp.Tests.Link;

/// <summary>
/// A transmit queue that keeps what was sent. What it lends is dirty, as ring memory is, and a second reservation before
/// the first has ended is an error, as it is on a ring.
/// </summary>
internal sealed class TestTransmitter(TestLink link) : ILinkTransmitter
{
    private const byte Dirt = 0xEE;

    private byte[]? _reserved;

    public long Frames { get; private set; }

    /// <summary>How many more frames the ring takes.</summary>
    internal int Room { get; set; } = int.MaxValue;

    /// <summary>How many slots seem to be free, if not as many as frames fit.</summary>
    internal int? RoomShown { get; set; }

    int ILinkTransmitter.Room => RoomShown ?? Room;

    /// <summary>Makes <see cref="Commit"/> find no room, as for a chained frame.</summary>
    internal bool RefusesCommit { get; set; }

    internal List<byte[]> Sent { get; } = [];

    /// <summary>Called with every frame, on the sender's thread.</summary>
    internal Action<byte[]>? OnSent { get; set; }

    internal bool IsReserved => _reserved is not null;

    public bool TryReserve(int length, out Span<byte> frame)
    {
        if (_reserved is not null)
            throw new InvalidOperationException("The queue is reserved already.");
        frame = default;
        if (!link.IsUp || Room == 0)
            return false;
        _reserved = new byte[length];
        _reserved.AsSpan().Fill(Dirt);
        frame = _reserved;
        return true;
    }

    public bool Commit()
    {
        byte[] frame = _reserved ?? throw new InvalidOperationException("Nothing is reserved.");
        _reserved = null;
        if (RefusesCommit)
            return false;
        Room--;
        Frames++;
        Sent.Add(frame);
        OnSent?.Invoke(frame);
        return true;
    }

    public void Discard()
    {
        if (_reserved is null)
            throw new InvalidOperationException("Nothing is reserved.");
        _reserved = null;
    }
}
