using ZMemif.Udp.Diagnostics;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>
/// The neighbors on the link (RFC 826, RFC 1122 §2.3.2; states as in RFC 4861 §7.3): who they are, who is being asked
/// for, and what waits for them. Thread-safe; a look-up takes no lock. Deadlines are kept by <see cref="Tick"/>.
/// </summary>
/// <remarks>
/// ARP cannot be made safe from forgers on the link; what can be done is this. Only a request to this host makes a new
/// entry. Another station's claim to a known neighbor is taken, as everywhere, but not within a second of the last word,
/// and it is confirmed before long if the neighbor is in use. What the user has set is never changed.
/// </remarks>
internal sealed partial class NeighborCache
{
    private readonly TimeProvider _time;
    private readonly InterfaceCounters _counters;
    private readonly Func<NeighborRequest, bool> _request;
    private readonly Action _scheduled;
    private readonly Predicate<byte[]> _isAnswer;
    private readonly int _capacity;
    private readonly Lock _lock = new();
    private readonly NeighborTable _table = new();
    private readonly DeadlineHeap _deadlines = new();
    private readonly NeighborRecency _recency;
    private readonly ParkingLot _parking;
    private readonly ParkingLot _parkedAnswers;
    private readonly RequestPacer _broadcasts;
    private readonly RequestPacer _unicasts;
    private int _unresolved;
    private int _unresolvedForAnswers;
    private int _permanent;

    // The heap's first deadline. Written under the lock; read without, as a loop that never sleeps looks all the time.
    private long _earliest = long.MaxValue;

    /// <param name="time">The clock.</param>
    /// <param name="counters">Where deaths are counted.</param>
    /// <param name="request">Sends a request, and tells whether the link took it; called outside the lock.</param>
    /// <param name="scheduled">A deadline has come up before all others while nobody may be ticking; called outside the lock.</param>
    /// <param name="isAnswer">Whether a frame is this host's answer to somebody, who may be forged; such take nothing from the others.</param>
    /// <param name="capacity">Neighbors that are kept; those that the user has set do not count.</param>
    internal NeighborCache(
        TimeProvider time, InterfaceCounters counters, Func<NeighborRequest, bool> request, Action scheduled, Predicate<byte[]> isAnswer, int capacity = DefaultCapacity)
    {
        _time = time;
        _counters = counters;
        _request = request;
        _scheduled = scheduled;
        _isAnswer = isAnswer;
        _capacity = capacity;
        _recency = new NeighborRecency(Units(ActiveTime));
        _parking = new ParkingLot(MaxParkedFrames, MaxParkedBytes, MaxParkedBytesInAll, counters);
        _parkedAnswers = new ParkingLot(MaxParkedAnswers, MaxParkedAnswerBytes, MaxParkedAnswerBytesInAll, counters);
        _broadcasts = new RequestPacer(Units(BroadcastInterval), BroadcastBurst);
        _unicasts = new RequestPacer(Units(UnicastInterval), UnicastBurst);
    }

    internal int Count
    {
        get
        {
            lock (_lock)
                return _table.Count;
        }
    }

    /// <summary>Frames that wait for their neighbors.</summary>
    internal int ParkedFrames => _parking.Frames + _parkedAnswers.Frames;

    /// <summary>When <see cref="Tick"/> may have something to do, as a timestamp of the clock; null for never.</summary>
    internal long? NextDeadline
    {
        get
        {
            long earliest = Volatile.Read(ref _earliest);
            return earliest == long.MaxValue ? null : earliest;
        }
    }

    internal NeighborState StateOf(Ipv4Address address)
    {
        lock (_lock)
            return _table.Find(address)?.State ?? NeighborState.None;
    }

    /// <summary>The station address of a neighbor, if it is known. Takes no lock, but when a stale one is used anew.</summary>
    internal MacAddress? Find(Ipv4Address address)
    {
        if (!_table.TryUse(address, out MacAddress mac, out NeighborEntry? usedAnew))
            return null;
        if (usedAnew is { State: NeighborState.Stale })
            Reconfirm(usedAnew);
        return mac;
    }

    /// <summary>
    /// The station address of a neighbor about which nothing has to be done: it has been used a moment ago. Takes no lock and sends
    /// nothing, for who holds the lock of a transmit queue.
    /// </summary>
    internal MacAddress? FindInUse(Ipv4Address address) => _table.TryFindUsed(address, out MacAddress mac) ? mac : null;

    /// <summary>
    /// Keeps a frame until the neighbor's address is known, asking for it if nobody has; or counts it, if the neighbor
    /// has not answered before and it is too early to try again.
    /// </summary>
    /// <param name="address">The neighbor.</param>
    /// <param name="frame">A whole frame; the cache takes the array over.</param>
    /// <returns>The address, if it has become known meanwhile: then the frame is the caller's again.</returns>
    internal MacAddress? Park(Ipv4Address address, byte[] frame)
    {
        long now = _time.GetTimestamp();
        long before = Volatile.Read(ref _earliest);
        bool isAnswer = _isAnswer(frame);
        NeighborRequest? request = null;
        lock (_lock)
        {
            NeighborEntry? entry = _table.Find(address);
            if (entry?.Mac is { } mac)
                return mac;
            if (entry is { State: NeighborState.Failed } && now < entry.RetryAt)
                _counters.Drop(MemifDropReason.NeighborUnreachable);
            else if (TryResolve(entry, address, isAnswer, now, out request) is { } unresolved)
                (isAnswer ? _parkedAnswers : _parking).Add(unresolved, frame);
            else
                _counters.Drop(MemifDropReason.NeighborTableFull);
            Publish();
        }

        SendAndWake(request, before);
        return null;
    }

    /// <summary>Takes what an ARP packet says about its sender.</summary>
    /// <param name="address">The sender's address.</param>
    /// <param name="mac">The sender's station address.</param>
    /// <param name="isRequestToUs">The sender wants something of this host, so that a new entry is worth making.</param>
    /// <param name="send">
    /// Sends a frame that waited. Called under the lock, so it must not block; only then is the address known to
    /// others, so that nobody overtakes what waited.
    /// </param>
    internal void Learn(Ipv4Address address, MacAddress mac, bool isRequestToUs, Action<MacAddress, byte[]> send)
    {
        long now = _time.GetTimestamp();
        NeighborRequest? request = null;
        lock (_lock)
        {
            NeighborEntry? entry = _table.Find(address) ?? (isRequestToUs ? TryAdd(address, now) : null);
            if (entry is null or { State: NeighborState.Permanent })
                return;
            bool isOtherStation = entry.Mac is { } known && known != mac;
            if (isOtherStation && now < entry.HeardAt + Units(ClaimInterval))
                return;
            if (entry.State == NeighborState.Failed || (isOtherStation && entry.State != NeighborState.Probe))
                request = TakeClaim(entry, mac, now);
            else
                Confirm(entry, mac, now, send);
            Publish();
        }

        SendAndWake(request, long.MinValue);
    }

    /// <summary>Sets a neighbor for good.</summary>
    /// <param name="address">The neighbor; what was known of it is forgotten.</param>
    /// <param name="mac">Its station address.</param>
    /// <param name="send">As for <see cref="Learn"/>.</param>
    internal void SetPermanent(Ipv4Address address, MacAddress mac, Action<MacAddress, byte[]> send)
    {
        lock (_lock)
        {
            NeighborEntry entry = _table.Find(address) ?? _table.Add(address);
            SendParked(entry, mac, send);
            entry.Mac = mac;
            SetState(entry, NeighborState.Permanent);
            NeighborRecency.Remove(entry);
            _deadlines.Remove(entry);
            Publish();
        }
    }

    /// <summary>
    /// Forgets every neighbor that the user has not set; parked frames are counted as dropped. For a link that has come up anew.
    /// </summary>
    internal void Clear()
    {
        lock (_lock)
        {
            foreach (NeighborEntry entry in _table.Entries.Where(entry => entry.State != NeighborState.Permanent).ToArray())
                Forget(entry);
            Publish();
        }
    }

    /// <summary>Does what is due, up to a bound: asks again, gives up, forgets. What is left is due at once.</summary>
    internal void Tick()
    {
        long now = _time.GetTimestamp();
        if (now >= Volatile.Read(ref _earliest))
            DoWhatIsDue(now);
    }

    private void DoWhatIsDue(long now)
    {
        Span<NeighborRequest> requests = stackalloc NeighborRequest[MaxStepsPerTick];
        int count = 0;
        lock (_lock)
        {
            for (int i = 0; i < MaxStepsPerTick && _deadlines.First is { } entry && entry.Deadline <= now; i++)
            {
                if (Step(entry, now) is { } request)
                    requests[count++] = request;
            }

            Publish();
        }

        foreach (NeighborRequest request in requests[..count])
            Send(request);
    }

    private void Reconfirm(NeighborEntry entry)
    {
        long now = _time.GetTimestamp();
        long before = Volatile.Read(ref _earliest);
        NeighborRequest? request = null;
        lock (_lock)
        {
            if (entry.State == NeighborState.Stale)
                request = BeginProbe(entry, now);
            Publish();
        }

        SendAndWake(request, before);
    }

    private void SendAndWake(NeighborRequest? request, long earliestBefore)
    {
        if (request is { } due)
            Send(due);
        if (Volatile.Read(ref _earliest) < earliestBefore)
            _scheduled();
    }

    private void Send(NeighborRequest request)
    {
        if (_request(request))
            return;
        lock (_lock)
        {
            if (_table.Find(request.Address) is { State: NeighborState.Incomplete or NeighborState.Probe } entry)
                TryAgainSoon(entry, _time.GetTimestamp());
            Publish();
        }
    }

    private void Publish() => Volatile.Write(ref _earliest, _deadlines.First?.Deadline ?? long.MaxValue);

    private long Units(TimeSpan time) => (long)(time.TotalSeconds * _time.TimestampFrequency);
}
