using ZMemif.Memory;
using ZMemif.Native;

namespace ZMemif.HostilePeer.Links;

/// <summary>
/// A link in the hands of the attacker. <see cref="Out"/> is the ring on which he sends, <see cref="In"/> the one on which
/// he receives; on both he owns one counter, head as a client and tail as a server, and the victim the other.
/// </summary>
internal abstract class HostileLink(RawChannel channel, SharedRegion region, Ring @out, Ring @in, EventCounter outEvent, EventCounter inEvent)
    : IDisposable
{
    private ushort _victimOut;
    private ushort _victimIn;

    internal RawChannel Channel => channel;

    internal SharedRegion Region => region;

    internal Ring Out => @out;

    internal Ring In => @in;

    /// <summary>Written by the attacker, read by the victim.</summary>
    internal EventCounter OutEvent => outEvent;

    /// <summary>Written by the victim.</summary>
    internal EventCounter InEvent => inEvent;

    internal int Slots => @out.Slots;

    /// <summary>What the attacker has published on <see cref="Out"/>.</summary>
    internal ushort Sent { get; private set; }

    /// <summary>The next slot of <see cref="In"/> that the attacker has not read.</summary>
    internal ushort Read { get; private protected set; }

    /// <summary>The victim's counter of <see cref="Out"/>, as last seen where it can be true: attacks overwrite it.</summary>
    internal ushort VictimOut => _victimOut = Plausible(_victimOut, LoadVictim(@out));

    /// <summary>The victim's counter of <see cref="In"/>, as last seen where it can be true.</summary>
    internal ushort VictimIn => _victimIn = Plausible(_victimIn, LoadVictim(@in));

    /// <summary>How many slots of <see cref="Out"/> are free for sending.</summary>
    internal abstract int Free { get; }

    /// <summary>What the attacker's counter of <see cref="In"/> is when he has returned all that he has read.</summary>
    internal abstract ushort Returned { get; }

    /// <summary>Whether the other end has ended the link.</summary>
    internal bool HasEnded => channel.IsReadable();

    /// <summary>Where a counter of <see cref="Out"/> says that the victim has taken everything.</summary>
    internal bool IsOutEmpty => VictimOut == Drained;

    /// <summary>The victim's counter of <see cref="Out"/> when it has taken everything.</summary>
    private protected abstract ushort Drained { get; }

    internal void SetOut(ushort value)
    {
        StoreOwn(@out, value);
        outEvent.Signal();
    }

    internal void SetIn(ushort value) => StoreOwn(@in, value);

    /// <summary>Overwrites the victim's counter.</summary>
    internal abstract void StoreVictim(Ring ring, ushort value);

    /// <summary>Writes a slot of <see cref="Out"/>: as a client all of it, as a server length and flags.</summary>
    internal abstract void WriteOut(ushort index, uint length, ushort flags = 0);

    /// <summary>The bytes of a slot of <see cref="Out"/>.</summary>
    internal abstract Span<byte> OutBuffer(ushort index, int length);

    /// <summary>Publishes so many slots that were written.</summary>
    internal void PublishOut(int count)
    {
        Sent = (ushort)(Sent + count);
        SetOut(Sent);
    }

    internal void WriteHonest(ushort index, ulong number, int length)
    {
        HonestPacket.Write(OutBuffer(index, length), number);
        WriteOut(index, (uint)length);
    }

    /// <summary>Sends honest packets into whatever room there is.</summary>
    internal int SendHonest(int most, ref ulong number)
    {
        int count = Math.Min(most, Free);
        for (int i = 0; i < count; i++)
            WriteHonest((ushort)(Sent + i), number++, HonestPacket.MinLength + (int)(number % 500));
        if (count > 0)
            PublishOut(count);
        return count;
    }

    /// <summary>Reads what the victim sent, verifies packets of one piece, and returns the slots.</summary>
    internal int ReceiveHonest()
    {
        int verified = 0;
        for (; Read != VictimIn; Read++)
        {
            Descriptor descriptor = @in.ReadDescriptor(Read);
            Span<byte> bytes = InBuffer(Read, descriptor);
            if (!HonestPacket.IsMarked(bytes) || (descriptor.Flags & Descriptor.Next) != 0)
                continue;
            if (!HonestPacket.IsRight(bytes, out _))
                throw new InvalidOperationException("The victim sent a packet with a wrong content.");
            verified++;
        }

        ReturnRead();
        return verified;
    }

    /// <summary>Returns the slots that were read.</summary>
    internal virtual void ReturnRead() => SetIn(Returned);

    public virtual void Dispose()
    {
        channel.Dispose();
        outEvent.Dispose();
        inEvent.Dispose();
        region.Dispose();
    }

    private protected abstract Span<byte> InBuffer(ushort index, in Descriptor descriptor);

    private protected abstract ushort LoadVictim(Ring ring);

    private protected abstract void StoreOwn(Ring ring, ushort value);

    private ushort Plausible(ushort last, ushort seen) => (ushort)(seen - last) <= Slots ? seen : last;
}
