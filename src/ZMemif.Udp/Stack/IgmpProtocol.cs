using System.Buffers;
using System.Collections.Immutable;
using ZMemif.Udp.Diagnostics;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>
/// IGMP, a host's part (RFC 3376; with older queriers RFC 2236 and RFC 1112, as §7 of the first says): tells routers and
/// snooping switches which groups are wanted. Changes are reported at once and, since a report may be lost, once more;
/// queries are answered after a random delay. Thread-safe; what it sends must not block.
/// </summary>
internal sealed class IgmpProtocol
{
    /// <summary>All version 3 reports go there (§4.2.14).</summary>
    internal static readonly Ipv4Address V3Routers = new(0xE000_0016);

    /// <summary>Leaves of version 2 go there (RFC 2236 §9).</summary>
    internal static readonly Ipv4Address AllRouters = new(0xE000_0002);

    /// <summary>How long a report of a change may be put off when it is repeated (§8.11).</summary>
    internal static readonly TimeSpan UnsolicitedInterval = TimeSpan.FromSeconds(1);

    /// <summary>An older querier that has not been heard for so long is gone: 2 × 125 s + 10 s (§8.12).</summary>
    internal static readonly TimeSpan OlderQuerierTimeout = TimeSpan.FromSeconds(260);

    private const int DefaultRobustness = 2;
    private const int NewestVersion = 3;

    private readonly TimeProvider _time;
    private readonly InterfaceCounters _counters;
    private readonly IgmpOutput _output;
    private readonly Func<double> _random;
    private readonly Action _scheduled;
    private readonly Lock _lock = new();
    private readonly List<IgmpTimer> _timers = [];
    private int _robustness = DefaultRobustness;
    private int _olderVersion = NewestVersion;
    private long _olderUntil = long.MinValue;
    private long _earliest = long.MaxValue;

    /// <param name="time">The clock.</param>
    /// <param name="counters">Where frames are counted.</param>
    /// <param name="output">Sends messages.</param>
    /// <param name="random">From 0 up to 1, for delays.</param>
    /// <param name="scheduled">A deadline has come up while nobody may be ticking.</param>
    internal IgmpProtocol(TimeProvider time, InterfaceCounters counters, IgmpOutput output, Func<double> random, Action scheduled)
    {
        _time = time;
        _counters = counters;
        _output = output;
        _random = random;
        _scheduled = scheduled;
        Groups = new GroupTable(Report);
    }

    /// <summary>Who has joined what.</summary>
    internal GroupTable Groups { get; }

    /// <summary>When <see cref="Tick"/> may have something to do, as a timestamp of the clock; null for never.</summary>
    internal long? NextDeadline
    {
        get
        {
            long earliest = Volatile.Read(ref _earliest);
            return earliest == long.MaxValue ? null : earliest;
        }
    }

    /// <summary>The version that is spoken at the moment: the oldest of the queriers that were heard lately (§7.2.1).</summary>
    private int Version => _time.GetTimestamp() < _olderUntil ? _olderVersion : NewestVersion;

    /// <summary>Takes one message.</summary>
    /// <param name="ip">The checked IPv4 header.</param>
    /// <param name="payload">The whole message; volatile, so every byte is read once.</param>
    internal void Handle(scoped Ipv4Packet ip, scoped ReadOnlySpan<byte> payload)
    {
        byte[] copy = ArrayPool<byte>.Shared.Rent(payload.Length);
        payload.CopyTo(copy);
        HandleCopy(ip, copy.AsSpan(0, payload.Length));
        ArrayPool<byte>.Shared.Return(copy);
    }

    private void HandleCopy(scoped Ipv4Packet ip, ReadOnlySpan<byte> message)
    {
        if (message.Length < IgmpWriter.ShortLength || !InternetChecksum.IsValid(InternetChecksum.Sum(message)))
        {
            _counters.Drop(MemifDropReason.BadIgmp);
            return;
        }

        var type = (IgmpType)message[0];
        bool isTaken = type switch
        {
            IgmpType.MembershipQuery => IgmpQuery.TryParse(message, out IgmpQuery query) && TryAnswer(ip, query),
            IgmpType.ReportV1 or IgmpType.ReportV2 => TrySuppress(Ipv4Address.Read(message[4..])),
            _ => type is IgmpType.LeaveV2 or IgmpType.ReportV3, // routers' business
        };
        if (isTaken)
            _counters.FrameConsumed();
        else
            _counters.Drop(MemifDropReason.BadIgmp);
    }

    /// <summary>The link came up, perhaps to other routers: says everything anew.</summary>
    internal void LinkUp()
    {
        lock (_lock)
        {
            _timers.Clear();
            _olderUntil = long.MinValue;
            Publish();
        }

        foreach ((Ipv4Address group, GroupFilter filter) in Groups.Filters)
            Report(group, GroupFilter.None, filter);
    }

    /// <summary>Sends what is due.</summary>
    internal void Tick()
    {
        long now = _time.GetTimestamp();
        if (now >= Volatile.Read(ref _earliest))
            SendDue(now);
    }

    // Apart from Tick, which is called all the time, and must not make what these conditions need.
    private void SendDue(long now)
    {
        IgmpTimer[] due;
        lock (_lock)
        {
            due = [.. _timers.Where(timer => timer.At <= now)];
            _timers.RemoveAll(timer => timer.At <= now);
            Publish();
        }

        foreach (IgmpTimer timer in due)
            Send(timer);
    }

    // §4.1.12: a query counts whichever of our addresses it came to. §9.1: but a general one that came to a group of its own
    // is a forgery, which asks behind the back of the others.
    private bool TryAnswer(scoped Ipv4Packet ip, scoped IgmpQuery query)
    {
        if (query.Group.IsAny && ip.Destination.IsMulticast && ip.Destination != GroupTable.AllSystems)
            return false;
        lock (_lock)
        {
            NoteQuerier(query);
            if (Version < NewestVersion)
                ScheduleEach(query);
            else
                Schedule(query);
            Publish();
        }

        _scheduled();
        return true;
    }

    private void NoteQuerier(scoped IgmpQuery query)
    {
        if (query.Version < NewestVersion)
        {
            _olderVersion = query.Version < Version ? query.Version : Version;
            _olderUntil = After(OlderQuerierTimeout);
        }

        if (query.Robustness > 0)
            _robustness = query.Robustness;
    }

    // §5.2
    private void Schedule(scoped IgmpQuery query)
    {
        long at = After(query.MaxResponseTime * _random());
        IgmpTimer? general = _timers.Find(timer => timer.IsAnswer && timer.Group.IsAny);
        if (general is not null && general.At <= at)
            return;
        if (query.Group.IsAny)
        {
            _timers.RemoveAll(timer => timer == general);
            _timers.Add(IgmpTimer.Answer(at, Ipv4Address.Any, sources: null));
            return;
        }

        Ipv4Address group = query.Group;
        ImmutableHashSet<Ipv4Address>? sources = SourcesOf(query);
        IgmpTimer? pending = _timers.Find(timer => timer.IsAnswer && timer.Group == group);
        if (pending is not null)
        {
            _timers.Remove(pending);
            at = Math.Min(at, pending.At);
            sources = pending.Sources is null || sources is null ? null : sources.Union(pending.Sources);
        }

        _timers.Add(IgmpTimer.Answer(at, group, sources));
    }

    // RFC 2236 §3: each group has a timer of its own; a shorter one that runs already stays.
    private void ScheduleEach(scoped IgmpQuery query)
    {
        Ipv4Address asked = query.Group;
        foreach ((Ipv4Address group, GroupFilter _) in Groups.Filters.Where(wanted => asked.IsAny || wanted.Group == asked))
        {
            long at = After(query.MaxResponseTime * _random());
            if (_timers.Exists(timer => timer.IsAnswer && timer.Group == group && timer.At <= at))
                continue;
            _timers.RemoveAll(timer => timer.IsAnswer && timer.Group == group);
            _timers.Add(IgmpTimer.Answer(at, group, sources: null));
        }
    }

    // RFC 2236 §3: another member has answered, which is enough for an older querier.
    private bool TrySuppress(Ipv4Address group)
    {
        lock (_lock)
        {
            if (Version < NewestVersion)
                _timers.RemoveAll(timer => timer.Group == group);
            Publish();
        }

        return true;
    }

    private void Report(Ipv4Address group, GroupFilter before, GroupFilter after)
    {
        if (Version < NewestVersion)
        {
            ReportToOlder(group, before, after);
            return;
        }

        ImmutableArray<IgmpRecord> records = [.. before.ChangesTo(after, group)];
        _output.SendReport(records);
        lock (_lock)
        {
            // Answers that wait are given with the filter of then; only repetitions hold what was true.
            long at = _time.GetTimestamp();
            for (int i = 1; i < _robustness; i++)
            {
                at += Units(UnsolicitedInterval * _random());
                _timers.Add(IgmpTimer.Repetition(at, group, records));
            }

            Publish();
        }

        _scheduled();
    }

    private void ReportToOlder(Ipv4Address group, GroupFilter before, GroupFilter after)
    {
        lock (_lock)
        {
            if (after.IsNone)
                _timers.RemoveAll(timer => timer.Group == group);
            else if (before.IsNone)
                _timers.Add(IgmpTimer.Answer(After(UnsolicitedInterval * _random()), group, sources: null));
            Publish();
        }

        if (before.IsNone)
            _output.SendShort(group, Version == 1 ? IgmpType.ReportV1 : IgmpType.ReportV2, group);
        else if (after.IsNone && Version == 2)
            _output.SendShort(AllRouters, IgmpType.LeaveV2, group);
        _scheduled();
    }

    private void Send(IgmpTimer timer)
    {
        if (!timer.Repeated.IsDefault)
            _output.SendReport(timer.Repeated);
        else if (timer.Group.IsAny)
            _output.SendReport([.. Groups.Filters.Select(wanted => CurrentState(wanted.Group, wanted.Filter))]);
        else if (Groups.FilterOf(timer.Group) is { IsNone: false } filter)
            SendState(timer, filter);
    }

    private void SendState(IgmpTimer timer, GroupFilter filter)
    {
        if (Version < NewestVersion)
        {
            _output.SendShort(timer.Group, Version == 1 ? IgmpType.ReportV1 : IgmpType.ReportV2, timer.Group);
            return;
        }

        if (timer.Sources is null)
        {
            _output.SendReport([CurrentState(timer.Group, filter)]);
            return;
        }

        ImmutableHashSet<Ipv4Address> wanted = [.. timer.Sources.Where(filter.Accepts)];
        if (!wanted.IsEmpty)
            _output.SendReport([new IgmpRecord(IgmpRecordType.ModeIsInclude, timer.Group, wanted)]);
    }

    private static IgmpRecord CurrentState(Ipv4Address group, GroupFilter filter) =>
        new(filter.IsExclude ? IgmpRecordType.ModeIsExclude : IgmpRecordType.ModeIsInclude, group, filter.Listed);

    private static ImmutableHashSet<Ipv4Address>? SourcesOf(scoped IgmpQuery query)
    {
        if (query.SourceCount == 0)
            return null;
        ImmutableHashSet<Ipv4Address>.Builder sources = ImmutableHashSet.CreateBuilder<Ipv4Address>();
        for (int i = 0; i < query.SourceCount; i++)
            sources.Add(query.Source(i));
        return sources.ToImmutable();
    }

    private void Publish() => Volatile.Write(ref _earliest, _timers.Count == 0 ? long.MaxValue : _timers.Min(timer => timer.At));

    private long After(TimeSpan delay) => _time.GetTimestamp() + Units(delay);

    private long Units(TimeSpan time) => (long)(time.TotalSeconds * _time.TimestampFrequency);
}
