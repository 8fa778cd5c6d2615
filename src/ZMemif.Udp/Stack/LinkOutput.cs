using ZMemif.Udp.Diagnostics;
using ZMemif.Udp.Link;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>The way out: the link's transmit queues, with one flow always on the same queue so that its order is kept.</summary>
internal sealed class LinkOutput(ILink link, StackIdentity identity, InterfaceCounters counters)
{
    private readonly TransmitQueue[] _queues = [.. link.Transmitters.Select(transmitter => new TransmitQueue(transmitter))];

    internal bool HasQueues => _queues.Length > 0;

    internal bool IsUp => link.IsUp;

    internal TransmitQueue For(uint flowHash) => _queues[flowHash % (uint)_queues.Length];

    /// <summary>
    /// Sends a frame that this host made on its own account, if there is room for it at once; otherwise it is counted.
    /// </summary>
    /// <returns>Whether it is on the ring.</returns>
    /// <typeparam name="TState">What <paramref name="write"/> needs.</typeparam>
    internal bool TryAnswer<TState>(
        int length, MacAddress to, EtherType type, TState state, Action<Span<byte>, TState> write)
    {
        counters.MessageMade();
        if (HasQueues && _queues[0].TryReserve(EthernetFrame.HeaderLength + length, out Span<byte> frame))
        {
            EthernetFrame.WriteHeader(frame, to, identity.Mac, type);
            write(frame[EthernetFrame.HeaderLength..], state);
            if (_queues[0].Commit())
                return true;
        }

        counters.Drop(MemifDropReason.AnswerNotSent);
        return false;
    }
}
