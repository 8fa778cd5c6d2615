using ZMemif.Udp.Link;

namespace ZMemif.Udp.Stack;

/// <summary>
/// A transmit queue that several threads share: the lock is taken by a successful reservation and given back by
/// <see cref="Commit"/> or <see cref="Discard"/>. No user code runs in between.
/// </summary>
internal sealed class TransmitQueue(ILinkTransmitter transmitter)
{
    private readonly Lock _lock = new();

    internal bool TryReserve(int length, out Span<byte> frame)
    {
        _lock.Enter();
        bool isReserved = false;
        try
        {
            isReserved = transmitter.TryReserve(length, out frame);
            return isReserved;
        }
        finally
        {
            if (!isReserved)
                _lock.Exit();
        }
    }

    internal bool Commit()
    {
        bool sent = transmitter.Commit();
        _lock.Exit();
        return sent;
    }

    internal void Discard()
    {
        transmitter.Discard();
        _lock.Exit();
    }

    /// <summary>Sends a frame that lies ready.</summary>
    internal bool TrySend(ReadOnlySpan<byte> frame)
    {
        if (!TryReserve(frame.Length, out Span<byte> buffer))
            return false;
        frame.CopyTo(buffer);
        return Commit();
    }
}
