using ZMemif.Udp.Link;

namespace ZMemif.Udp.Benchmarks;

/// <summary>A link that costs nothing: whatever is sent is written into the same few slots, and nobody reads it.</summary>
internal sealed class BenchLink : ILink, ILinkTransmitter
{
    private const int Slots = 64;
    private const int SlotLength = 2048;

    private readonly byte[] _memory = new byte[Slots * SlotLength];
    private int _reserved;

    public event EventHandler? StateChanged
    {
        add { }
        remove { }
    }

    public bool IsUp => true;

    public int ConnectionCount => 1;

    public Exception? LastError => null;

    public IReadOnlyList<ILinkReceiver> Receivers => [];

    public IReadOnlyList<ILinkTransmitter> Transmitters => [this];

    public long Frames { get; private set; }

    public int Room => Slots;

    public int Capacity => Slots;

    public Task WaitUpAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public int SlotsFor(int length) => (length + SlotLength - 1) / SlotLength;

    public bool TryReserve(int length, out Span<byte> frame)
    {
        frame = _memory.AsSpan((int)((Frames + _reserved++) % Slots) * SlotLength, length);
        return true;
    }

    public bool Commit()
    {
        Frames += _reserved;
        _reserved = 0;
        return true;
    }

    /// <summary>Nobody is there.</summary>
    public bool MustWakePeer => false;

    public void WakePeer()
    {
    }

    public void Discard() => _reserved = 0;
}
