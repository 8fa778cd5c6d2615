using System.Buffers;
using ZMemif.Udp.Diagnostics;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>
/// IGMP, a host's part (RFC 3376; with older queriers RFC 2236 and RFC 1112, as §7 of the first says): tells routers and
/// snooping switches which groups are wanted. Changes are reported at once and, since a report may be lost, once more;
/// queries are answered after a random delay. Thread-safe; what it sends must not block.
/// </summary>
/// <remarks>
/// Who changes a group reports what is wanted of it when the lock is his, and sends under that lock: so whatever order the changes
/// of two sockets come in, the last report on the wire is true. Of the locks taken within, that of the transmit queue is the only one.
/// </remarks>
internal sealed class IgmpProtocol
{
    /// <summary>All version 3 reports go there (§4.2.14).</summary>
    internal static readonly Ipv4Address V3Routers = new(0xE000_0016);

    /// <summary>Leaves of version 2 go there (RFC 2236 §9).</summary>
    internal static readonly Ipv4Address AllRouters = new(0xE000_0002);

    private readonly StackIdentity _identity;
    private readonly TimeProvider _time;
    private readonly InterfaceCounters _counters;
    private readonly Action _scheduled;
    private readonly Lock _lock = new();
    private readonly IgmpQueriers _queriers;
    private readonly IgmpAgenda _agenda;
    private readonly IgmpReporter _reporter;

    // The agenda's. Written under the lock; read without, as a loop that never sleeps looks all the time.
    private long _earliest = long.MaxValue;

    /// <param name="identity">Who this host is.</param>
    /// <param name="time">The clock.</param>
    /// <param name="counters">Where frames are counted.</param>
    /// <param name="output">Sends messages.</param>
    /// <param name="random">From 0 up to 1, for delays.</param>
    /// <param name="scheduled">A deadline has come up before all others while nobody may be ticking; called outside the lock.</param>
    internal IgmpProtocol(StackIdentity identity, TimeProvider time, InterfaceCounters counters, IgmpOutput output, Func<double> random, Action scheduled)
    {
        _identity = identity;
        _time = time;
        _counters = counters;
        _scheduled = scheduled;
        _queriers = new IgmpQueriers(time);
        _agenda = new IgmpAgenda(time, random);
        _reporter = new IgmpReporter(_agenda, output);
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

    /// <summary>Takes one message.</summary>
    /// <param name="ip">The checked IPv4 header.</param>
    /// <param name="payload">The whole message; volatile, so every byte is read once.</param>
    internal void Handle(scoped Ipv4Packet ip, scoped ReadOnlySpan<byte> payload)
    {
        byte[] copy = ArrayPool<byte>.Shared.Rent(payload.Length);
        payload.CopyTo(copy);
        if (TryTake(ip, copy.AsSpan(0, payload.Length)))
            _counters.FrameConsumed();
        else
            _counters.Drop(MemifDropReason.BadIgmp);
        ArrayPool<byte>.Shared.Return(copy);
    }

    /// <summary>The link came up, perhaps to other routers: says everything anew.</summary>
    internal void LinkUp()
    {
        long now = _time.GetTimestamp();
        long before = Volatile.Read(ref _earliest);
        lock (_lock)
        {
            _queriers.Forget();
            _reporter.Version = IgmpQueriers.NewestVersion;
            _agenda.Clear();
            foreach (IgmpGroup group in _agenda.Joined.ToArray())
            {
                GroupFilter wanted = group.Told;
                group.Told = GroupFilter.None;
                _reporter.Tell(group.Address, wanted, _queriers.Robustness, now);
            }

            Publish();
        }

        Wake(before);
    }

    /// <summary>Sends what is due.</summary>
    internal void Tick()
    {
        long now = _time.GetTimestamp();
        if (now < Volatile.Read(ref _earliest))
            return;
        lock (_lock)
        {
            Adapt(now);
            _reporter.SendDue(now);
            Publish();
        }
    }

    // §4: every message is sent with a time to live of 1, so what comes with another has come through a router, or pretends so.
    // Linux does not look at it. The option Router Alert, without which §9.1 would have queries ignored, is not asked for: there
    // are switches that leave it out, and Linux listens to them.
    private bool TryTake(scoped Ipv4Packet ip, ReadOnlySpan<byte> message)
    {
        if (message.Length < IgmpWriter.ShortLength || ip.TimeToLive != 1 || !InternetChecksum.IsValid(InternetChecksum.Sum(message)))
            return false;
        var type = (IgmpType)message[0];
        switch (type)
        {
            case IgmpType.MembershipQuery:
                return IgmpQuery.TryParse(message, out IgmpQuery query) && TryAnswer(ip.Destination, query);
            case IgmpType.ReportV1 or IgmpType.ReportV2:
                Suppress(ip.Destination, Ipv4Address.Read(message[4..]));
                return true;
            default:
                return type is IgmpType.LeaveV2 or IgmpType.ReportV3; // routers' business
        }
    }

    private bool TryAnswer(Ipv4Address destination, scoped IgmpQuery query)
    {
        if (!IsPlaceToAsk(destination, query.Group))
            return false;
        long now = _time.GetTimestamp();
        long before = Volatile.Read(ref _earliest);
        lock (_lock)
        {
            _queriers.Note(query, now);
            Adapt(now);
            if (_reporter.Version < IgmpQueriers.NewestVersion)
                _agenda.ScheduleEach(query, now);
            else
                _agenda.Schedule(query, now);
            Publish();
        }

        Wake(before);
        return true;
    }

    // §4.1.12: a general query goes to all systems, another one to its group; but who is asked at his own address answers too, and
    // some ask all systems for one group. A query that came to some other group, or to everybody, asks behind the backs of those
    // whom it concerns. Linux answers these as well (igmp_heard_query does not look at the destination); no router sends them.
    private bool IsPlaceToAsk(Ipv4Address destination, Ipv4Address group) =>
        destination == GroupTable.AllSystems || destination == group || destination == _identity.Address;

    // RFC 2236 §3: another member has answered, which is enough for an older querier; if that could hear it, as Linux says.
    private void Suppress(Ipv4Address destination, Ipv4Address group)
    {
        if (!destination.IsMulticast)
            return;
        lock (_lock)
        {
            if (_reporter.Version < IgmpQueriers.NewestVersion)
                _agenda.Suppress(group);
        }
    }

    // Every host is a member of the group of all systems, and none reports it (§5).
    private void Report(Ipv4Address group)
    {
        if (group == GroupTable.AllSystems)
            return;
        long now = _time.GetTimestamp();
        long before = Volatile.Read(ref _earliest);
        lock (_lock)
        {
            Adapt(now);
            _reporter.Tell(group, Groups.FilterOf(group), _queriers.Robustness, now);
            Publish();
        }

        Wake(before);
    }

    // §7.2.1: with another version, all that is pending is cancelled.
    private void Adapt(long now)
    {
        int version = _queriers.VersionAt(now);
        if (version == _reporter.Version)
            return;
        _reporter.Version = version;
        _agenda.Clear();
    }

    private void Publish() => Volatile.Write(ref _earliest, _agenda.Earliest);

    private void Wake(long earliestBefore)
    {
        if (Volatile.Read(ref _earliest) < earliestBefore)
            _scheduled();
    }
}
