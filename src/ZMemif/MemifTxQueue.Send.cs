using ZMemif.Queues;

namespace ZMemif;

/// <content>Sending by copy, in as many buffers as a packet needs.</content>
public sealed partial class MemifTxQueue
{
    /// <summary>
    /// Sends one packet by copying it into as many buffers as it needs, together with whatever was reserved before.
    /// </summary>
    /// <returns>False when the ring has no room for all of it, or the link is down.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The packet is empty or longer than 65,553 bytes.</exception>
    /// <exception cref="InvalidOperationException">Another thread uses this queue.</exception>
    public bool TrySend(ReadOnlySpan<byte> packet)
    {
        RequireLength(packet);
        if (!TryEnter(out TxWalk walk))
        {
            CountLinkDown();
            return false;
        }

        bool added = TryAdd(walk, packet);
        CommitOrLeave(walk);
        return added;
    }

    /// <summary>
    /// Copies one packet into as many buffers as it needs, which are reserved: it is sent with the next <see cref="Commit"/> or
    /// <see cref="Publish"/>.
    /// </summary>
    /// <returns>False when the ring has no room for all of it, or the link is down; what was reserved before stays so.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The packet is empty or longer than 65,553 bytes.</exception>
    /// <exception cref="InvalidOperationException">Another thread uses this queue.</exception>
    public bool TryAdd(ReadOnlySpan<byte> packet)
    {
        RequireLength(packet);
        if (!TryEnter(out TxWalk walk))
        {
            CountLinkDown();
            return false;
        }

        bool added = TryAdd(walk, packet);
        LeaveIfIdle(walk);
        return added;
    }

    /// <summary>
    /// Sends a burst of packets by copy, with one store of the ring's index and at most one event, together with whatever
    /// was reserved before.
    /// </summary>
    /// <returns>How many of them, from the first on, found room.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A packet is empty or longer than 65,553 bytes; those before it were sent.</exception>
    /// <exception cref="InvalidOperationException">Another thread uses this queue.</exception>
    public int Send(ReadOnlySpan<ReadOnlyMemory<byte>> packets)
    {
        if (packets.IsEmpty)
            return 0;
        if (!TryEnter(out TxWalk walk))
        {
            CountLinkDown();
            return 0;
        }

        int sent = 0;
        try
        {
            while (sent < packets.Length && TryAdd(walk, packets[sent].Span))
                sent++;
        }
        finally
        {
            CommitOrLeave(walk);
        }

        return sent;
    }

    private static void RequireLength(ReadOnlySpan<byte> packet)
    {
        if (packet.Length is < 1 or > RxWalk.MaxPacketLength)
            throw new ArgumentOutOfRangeException(nameof(packet), packet.Length, $"A packet has 1 to {RxWalk.MaxPacketLength} bytes.");
    }

    private bool TryAdd(TxWalk walk, ReadOnlySpan<byte> packet)
    {
        RequireLength(packet);
        if (!walk.TryAdd(packet))
        {
            CountRefusal(walk);
            return false;
        }

        _reservedPackets++;
        _reservedBytes += (uint)packet.Length;
        return true;
    }

    private void CommitOrLeave(TxWalk walk)
    {
        if (walk.HasReservations)
            Commit();
        else
            Leave(walk);
    }
}
