using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <content>The life of one neighbor, from state to state (RFC 4861 §7.3.3, by the times of RFC 1122 §2.3.2.1). All under the lock.</content>
internal sealed partial class NeighborCache
{
    private static bool IsUnresolved(NeighborEntry? entry) => entry is { State: NeighborState.Incomplete };

    /// <summary>
    /// A neighbor that is being asked for, from now on if it was not known, or failed and may be tried again; null if there is no room.
    /// </summary>
    private NeighborEntry? TryResolve(NeighborEntry? entry, Ipv4Address address, bool isForAnswer, long now, out NeighborRequest? request)
    {
        request = null;
        if (IsUnresolved(entry) && (isForAnswer || !entry!.IsForAnswers))
            return entry;
        if (isForAnswer ? _unresolvedForAnswers >= MaxUnresolvedForAnswers : _unresolved >= MaxUnresolved)
            return null;
        entry ??= TryAdd(address, now);
        if (entry is null)
            return null;
        bool isAskedFor = IsUnresolved(entry);
        SetState(entry, NeighborState.None);
        entry.IsForAnswers = isForAnswer;
        SetState(entry, NeighborState.Incomplete);
        NeighborRecency.Remove(entry);
        request = isAskedFor ? null : BeginToAsk(entry, now);
        return entry;
    }

    private NeighborEntry? TryAdd(Ipv4Address address, long now)
    {
        if (_table.Count - _permanent >= _capacity)
        {
            if (_recency.FindVictim(now) is not { } victim)
                return null;
            Forget(victim);
        }

        return _table.Add(address);
    }

    /// <summary>What follows when the deadline has come.</summary>
    private NeighborRequest? Step(NeighborEntry entry, long now)
    {
        switch (entry.State)
        {
            case NeighborState.Incomplete or NeighborState.Probe:
                return AskAgainOrFail(entry, now);
            case NeighborState.Reachable:
                return Age(entry, now);
            default:
                Forget(entry);
                return null;
        }
    }

    private NeighborRequest? AskAgainOrFail(NeighborEntry entry, long now)
    {
        int allowed = entry.State == NeighborState.Probe ? MaxUnicasts + MaxRequests : MaxRequests;
        if (entry.Requests < allowed)
            return Ask(entry, now);
        Fail(entry, now);
        return null;
    }

    private NeighborRequest? Age(NeighborEntry entry, long now)
    {
        long end = entry.HeardAt + Units(ReachableTime);
        if (now >= end)
            SetState(entry, NeighborState.Stale);

        // The state first, then the mark: a sender does it the other way round, and one of us sees the other.
        if (entry.TakeUse())
            return BeginProbe(entry, now);
        _deadlines.Set(entry, now < end ? end : now + Units(StaleTime));
        return null;
    }

    private NeighborRequest? BeginProbe(NeighborEntry entry, long now)
    {
        SetState(entry, NeighborState.Probe);
        _recency.SetUsed(entry, now);
        return BeginToAsk(entry, now);
    }

    private NeighborRequest? BeginToAsk(NeighborEntry entry, long now)
    {
        (entry.Requests, entry.Refusals) = (0, 0);
        return Ask(entry, now);
    }

    /// <summary>
    /// The next request, if it is its turn; else a deadline for it. For one neighbor requests are a <see cref="RequestInterval"/>
    /// apart: the deadline after each sees to it, and an entry that has left the asking does not come back to it sooner.
    /// </summary>
    private NeighborRequest? Ask(NeighborEntry entry, long now)
    {
        bool isUnicast = entry.State == NeighborState.Probe && entry.Requests < MaxUnicasts;
        long turn = entry.HasTurn ? now : (isUnicast ? _unicasts : _broadcasts).Take(now);
        if (turn > now)
        {
            entry.HasTurn = true;
            _deadlines.Set(entry, turn);
            return null;
        }

        entry.HasTurn = false;
        entry.Requests++;
        _deadlines.Set(entry, now + Units(RequestInterval));
        return new NeighborRequest(entry.Address, isUnicast ? entry.Mac!.Value : MacAddress.Broadcast);
    }

    private void TryAgainSoon(NeighborEntry entry, long now)
    {
        if (++entry.Refusals >= MaxRefusals)
        {
            entry.Refusals = 0;
            return;
        }

        entry.Requests--;
        entry.HasTurn = true;
        _deadlines.Set(entry, now + Units(RefusalInterval));
    }

    private void Confirm(NeighborEntry entry, MacAddress mac, long now, Action<MacAddress, byte[]> send)
    {
        bool wasAskedFor = entry.State == NeighborState.Incomplete;
        SendParked(entry, mac, send);
        SetState(entry, NeighborState.Reachable);
        entry.Mac = mac;
        (entry.Failures, entry.HasTurn, entry.HeardAt) = (0, false, now);
        if (entry.TakeUse() || wasAskedFor)
            _recency.SetUsed(entry, now);
        else if (entry.Place.List is null)
            _recency.SetUnused(entry);
        _deadlines.Set(entry, now + Units(RefreshTime));
    }

    /// <summary>Another station says that it is the neighbor, or one that failed is there again. Nobody asked: it is to be confirmed.</summary>
    private NeighborRequest? TakeClaim(NeighborEntry entry, MacAddress mac, long now)
    {
        SetState(entry, NeighborState.Stale);
        entry.Mac = mac;
        entry.HeardAt = now;
        if (entry.TakeUse())
            return BeginProbe(entry, now);
        _deadlines.Set(entry, now + Units(StaleTime));
        return null;
    }

    private void Fail(NeighborEntry entry, long now)
    {
        DropParked(entry);
        entry.Mac = null;
        SetState(entry, NeighborState.Failed);
        entry.TakeUse();
        entry.RetryAt = now + (Units(FailedTime) << Math.Min(entry.Failures++, MaxBackOff));
        _recency.SetUnused(entry);
        _deadlines.Set(entry, entry.RetryAt + Units(StaleTime));
    }

    private void Forget(NeighborEntry entry)
    {
        DropParked(entry);
        SetState(entry, NeighborState.None);
        NeighborRecency.Remove(entry);
        _deadlines.Remove(entry);
        _table.Remove(entry);
    }

    private void SendParked(NeighborEntry entry, MacAddress mac, Action<MacAddress, byte[]> send)
    {
        while (_parking.TryTake(entry, out byte[]? frame) || _parkedAnswers.TryTake(entry, out frame))
            send(mac, frame);
    }

    private void DropParked(NeighborEntry entry)
    {
        _parking.Drop(entry, MemifDropReason.NeighborUnreachable);
        _parkedAnswers.Drop(entry, MemifDropReason.NeighborUnreachable);
    }

    private void SetState(NeighborEntry entry, NeighborState state)
    {
        CountPlace(entry, -1);
        entry.State = state;
        CountPlace(entry, 1);
    }

    private void CountPlace(NeighborEntry entry, int change)
    {
        if (entry.State == NeighborState.Permanent)
            _permanent += change;
        else if (IsUnresolved(entry) && entry.IsForAnswers)
            _unresolvedForAnswers += change;
        else if (IsUnresolved(entry))
            _unresolved += change;
    }
}
