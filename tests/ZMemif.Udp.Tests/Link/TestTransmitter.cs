using ZMemif.Udp.Link;

namespace ZMemif.Udp.Tests.Link;

/// <summary>
/// A transmit queue that keeps what was sent. What it lends is dirty, as ring memory is. Sending what nobody has
/// reserved is an error.
/// </summary>
internal sealed class TestTransmitter(TestLink link) : ILinkTransmitter
{
    private const byte Dirt = 0xEE;

    private readonly List<byte[]> _reserved = [];

    public long Frames { get; private set; }

    /// <summary>How many more frames the ring takes.</summary>
    internal int Room { get; set; } = int.MaxValue;

    /// <summary>How many slots seem to be free, if not as many as frames fit.</summary>
    internal int? RoomShown { get; set; }

    int ILinkTransmitter.Room => RoomShown ?? Room;

    /// <summary>All the frames that the ring could hold.</summary>
    public int Capacity { get; set; } = int.MaxValue;

    /// <summary>How long a frame in one slot may be.</summary>
    internal int BufferLength { get; set; } = int.MaxValue;

    /// <summary>How many frames <see cref="Commit"/> sends of those that were reserved together.</summary>
    internal int CommitsAtMost { get; set; } = int.MaxValue;

    /// <summary>Makes <see cref="Commit"/> find no room, as for a chained frame.</summary>
    internal bool RefusesCommit { get; set; }

    internal List<byte[]> Sent { get; } = [];

    /// <summary>Called with every frame, on the sender's thread.</summary>
    internal Action<byte[]>? OnSent { get; set; }

    internal bool IsReserved => _reserved.Count > 0;

    public int SlotsFor(int length) => (int)(((long)length + BufferLength - 1) / BufferLength);

    public bool TryReserve(int length, out Span<byte> frame)
    {
        frame = default;
        if (!link.IsUp || Room - _reserved.Sum(reserved => SlotsFor(reserved.Length)) < SlotsFor(length))
            return false;
        byte[] dirty = new byte[length];
        dirty.AsSpan().Fill(Dirt);
        _reserved.Add(dirty);
        frame = dirty;
        return true;
    }

    public bool Commit()
    {
        byte[][] frames = Take();
        foreach (byte[] frame in frames.Take(RefusesCommit ? 0 : CommitsAtMost))
        {
            Room -= SlotsFor(frame.Length);
            Frames++;
            Sent.Add(frame);
            OnSent?.Invoke(frame);
        }

        return !RefusesCommit && frames.Length <= CommitsAtMost;
    }

    public bool MustWakePeer { get; set; }

    /// <summary>Called when the peer is woken.</summary>
    internal Action? OnWake { get; set; }

    public void WakePeer() => OnWake?.Invoke();

    public void Discard() => _reserved.Clear();

    private byte[][] Take()
    {
        if (_reserved.Count == 0)
            throw new InvalidOperationException("Nothing is reserved.");
        byte[][] taken = [.. _reserved];
        _reserved.Clear();
        return taken;
    }
}
