using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>
/// What is to be said later: answers to queries, each after a random part of the time that its querier grants (RFC 3376 §5.2),
/// and changes once more (§5.1). It holds one answer and one change for each group that is joined, or was left a moment ago; nobody
/// on the link can make it longer. Not thread-safe.
/// </summary>
/// <param name="time">The clock of the timestamps.</param>
/// <param name="random">From 0 up to 1, for delays.</param>
internal sealed class IgmpAgenda(TimeProvider time, Func<double> random)
{
    /// <summary>How long a change may be put off when it is told again (§8.11).</summary>
    internal static readonly TimeSpan UnsolicitedInterval = TimeSpan.FromSeconds(1);

    private readonly Dictionary<Ipv4Address, IgmpGroup> _groups = [];

    // When all groups are to be told of; MaxValue when nobody has asked.
    private long _generalAnswer = long.MaxValue;

    /// <summary>Nothing is due before, as a timestamp of the clock; <see cref="long.MaxValue"/> when nothing ever is.</summary>
    internal long Earliest { get; private set; } = long.MaxValue;

    /// <summary>The groups that routers are to know of.</summary>
    internal IEnumerable<IgmpGroup> Joined => _groups.Values.Where(group => !group.Told.IsNone);

    internal IgmpGroup Of(Ipv4Address address)
    {
        if (!_groups.TryGetValue(address, out IgmpGroup? group))
            _groups.Add(address, group = new IgmpGroup(address));
        return group;
    }

    /// <summary>Takes note of a query of version 3 (§5.2). One for a group that is not joined leaves no trace.</summary>
    internal void Schedule(scoped IgmpQuery query, long now)
    {
        long at = now + Delay(query.MaxResponseTime);
        if (_generalAnswer <= at)
            return;
        if (query.Group.IsAny)
        {
            _generalAnswer = at;
            Note(at);
        }
        else if (FindJoined(query.Group) is { } group)
        {
            var answer = IgmpAnswer.To(query, at);
            SetAnswer(group, group.Answer?.And(answer) ?? answer);
        }
    }

    /// <summary>Takes note of a query while an older version is spoken, in which each group is told of by itself (RFC 2236 §3).</summary>
    internal void ScheduleEach(scoped IgmpQuery query, long now)
    {
        if (query.Group.IsAny)
        {
            foreach (IgmpGroup group in Joined)
                AnswerWithin(query.MaxResponseTime, group, now);
        }
        else if (FindJoined(query.Group) is { } group)
        {
            AnswerWithin(query.MaxResponseTime, group, now);
        }
    }

    /// <summary>The group as a whole is to be told of before so much time has passed; sooner, if that was said before.</summary>
    internal void AnswerWithin(TimeSpan longest, IgmpGroup group, long now)
    {
        var answer = new IgmpAnswer(now + Delay(longest), Sources: null);
        SetAnswer(group, group.Answer?.And(answer) ?? answer);
    }

    /// <summary>The change is to be told again, so often.</summary>
    internal void Repeat(IgmpGroup group, IgmpChange change, int times, long now)
    {
        group.Repetition = times > 0 ? new IgmpRepetition(now + Delay(UnsolicitedInterval), times, change) : null;
        Note(group.Due);
    }

    /// <summary>Somebody else has told of the group.</summary>
    internal void Suppress(Ipv4Address address) => FindJoined(address)?.Answer = null;

    /// <summary>Nothing that was to be said is said.</summary>
    internal void Clear()
    {
        _generalAnswer = long.MaxValue;
        foreach (IgmpGroup group in _groups.Values)
            group.Cancel();
        Settle();
    }

    /// <summary>Whether it is time to tell of all groups; only once.</summary>
    internal bool TakeGeneralAnswer(long now)
    {
        if (_generalAnswer > now)
            return false;
        _generalAnswer = long.MaxValue;
        return true;
    }

    /// <summary>The groups of which something is to be said.</summary>
    internal IgmpGroup[] TakeDue(long now) => [.. _groups.Values.Where(group => group.Due <= now)];

    /// <summary>What was due is done: finds what is next, and forgets what is over.</summary>
    internal void Settle()
    {
        Earliest = _generalAnswer;
        foreach (IgmpGroup group in _groups.Values)
        {
            Note(group.Due);
            Release(group);
        }
    }

    /// <summary>Forgets the group, if nothing is left to be remembered of it.</summary>
    internal void Release(IgmpGroup group)
    {
        if (group.IsDone)
            _groups.Remove(group.Address);
    }

    private IgmpGroup? FindJoined(Ipv4Address address) =>
        _groups.TryGetValue(address, out IgmpGroup? group) && !group.Told.IsNone ? group : null;

    private void SetAnswer(IgmpGroup group, IgmpAnswer answer)
    {
        group.Answer = answer;
        Note(answer.At);
    }

    private void Note(long at) => Earliest = Math.Min(Earliest, at);

    private long Delay(TimeSpan longest) => (long)(longest.TotalSeconds * random() * time.TimestampFrequency);
}
