using ZMemif.Udp.Diagnostics;
using ZMemif.Udp.Link;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>The way out: the link's transmit queues, with one flow always on the same queue so that its order is kept.</summary>
internal sealed class LinkOutput
{
    private readonly ILink _link;
    private readonly InterfaceCounters _counters;
    private readonly TransmitQueue[] _queues;

    /// <param name="link">The link.</param>
    /// <param name="identity">Whose frames they are.</param>
    /// <param name="stall">How long a full queue may stand still before its peer counts as stalled.</param>
    /// <param name="stallChanged">Called when <see cref="IsStalled"/> may have changed; it must not block.</param>
    /// <param name="counters">Where deaths are counted.</param>
    internal LinkOutput(ILink link, StackIdentity identity, TimeSpan stall, Action stallChanged, InterfaceCounters counters)
    {
        _link = link;
        _counters = counters;
        _queues = [.. link.Transmitters.Select(transmitter => new TransmitQueue(transmitter, stall, stallChanged))];
        Header = new LinkHeader(identity);
        Fragmenter = new Fragmenter(Header, counters);
    }

    /// <summary>What stands before a packet.</summary>
    internal LinkHeader Header { get; }

    /// <summary>Cuts what is too long.</summary>
    internal Fragmenter Fragmenter { get; }

    internal bool HasQueues => _queues.Length > 0;

    internal bool IsUp => _link.IsUp;

    /// <summary>Whether the peer stands still on some queue.</summary>
    internal bool IsStalled => Array.Exists(_queues, queue => queue.IsStalled);

    /// <summary>Whether a send would not have to wait: there is room on each queue, or it fails at once.</summary>
    internal bool IsWritable => !IsUp || Array.TrueForAll(_queues, queue => queue.Room > 0 || queue.IsStalled);

    internal TransmitQueue For(uint flowHash) => _queues[flowHash % (uint)_queues.Length];

    /// <summary>Looks whether queues that stood still have moved.</summary>
    internal void Tick()
    {
        foreach (TransmitQueue queue in _queues)
            queue.Tick();
    }

    /// <summary>The link has come up, or gone.</summary>
    internal void Reset()
    {
        foreach (TransmitQueue queue in _queues)
            queue.Reset();
    }

    /// <summary>
    /// Sends a frame that this host made on its own account, if there is room for it at once; otherwise it is counted.
    /// </summary>
    /// <returns>Whether it is on the ring.</returns>
    /// <typeparam name="TState">What <paramref name="write"/> needs.</typeparam>
    internal bool TryAnswer<TState>(
        int length, MacAddress to, EtherType type, TState state, Action<Span<byte>, TState> write)
    {
        _counters.MessageMade();
        if (HasQueues && _queues[0].TryReserve(Header.Length + length, out Span<byte> frame))
        {
            Header.Write(frame, to, type);
            write(frame[Header.Length..], state);
            if (_queues[0].Commit())
                return true;
        }

        _counters.Drop(MemifDropReason.AnswerNotSent);
        return false;
    }
}
