using System.Collections.Immutable;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>
/// Which groups the sockets of the interface have joined, and from which sources (RFC 1112 §7, RFC 3376 §3). Reads take no
/// lock: all memberships are one immutable list.
/// </summary>
/// <param name="changed">Called after the interface's own filter of a group has changed, with the old and the new one; not under the lock.</param>
internal sealed class GroupTable(Action<Ipv4Address, GroupFilter, GroupFilter> changed)
{
    /// <summary>All systems on this link (RFC 1112 §4): every host is a member, and none reports it.</summary>
    internal static readonly Ipv4Address AllSystems = new(0xE000_0001);

    private readonly Lock _lock = new();
    private ImmutableDictionary<Ipv4Address, ImmutableList<GroupMembership>> _groups =
        ImmutableDictionary<Ipv4Address, ImmutableList<GroupMembership>>.Empty;

    /// <summary>Every group that somebody wants, with what the interface wants of it.</summary>
    internal IEnumerable<(Ipv4Address Group, GroupFilter Filter)> Filters =>
        Volatile.Read(ref _groups).Select(group => (group.Key, Merge(group.Value)));

    /// <summary>Whether a packet to this group concerns the host at all.</summary>
    internal bool Accepts(Ipv4Address group, Ipv4Address source) => group == AllSystems
        || (Volatile.Read(ref _groups).TryGetValue(group, out ImmutableList<GroupMembership>? members)
            && members.Exists(member => member.Filter.Accepts(source)));

    /// <summary>
    /// Whether a socket that is bound to a datagram's port gets it. As on Linux (IP_MULTICAST_ALL) one that has not joined the
    /// group gets what others have joined; one that has, only from the sources that it wants.
    /// </summary>
    internal bool Accepts(IDatagramSink sink, Ipv4Address group, Ipv4Address source) =>
        FilterOf(sink, group) is not { } filter || filter.Accepts(source);

    /// <summary>What a socket wants of a group; null when it has not joined it.</summary>
    internal GroupFilter? FilterOf(IDatagramSink sink, Ipv4Address group) =>
        Volatile.Read(ref _groups).GetValueOrDefault(group)?.Find(member => member.Sink == sink)?.Filter;

    /// <summary>What the interface wants of a group.</summary>
    internal GroupFilter FilterOf(Ipv4Address group) =>
        Volatile.Read(ref _groups).TryGetValue(group, out ImmutableList<GroupMembership>? members) ? Merge(members) : GroupFilter.None;

    /// <summary>Replaces what a socket wants of a group; null, or nothing, ends its membership.</summary>
    internal void Set(IDatagramSink sink, Ipv4Address group, GroupFilter? filter)
    {
        GroupFilter before;
        GroupFilter after;
        lock (_lock)
        {
            ImmutableList<GroupMembership> members = _groups.GetValueOrDefault(group) ?? [];
            ImmutableList<GroupMembership> next = members.RemoveAll(member => member.Sink == sink);
            if (filter is { IsNone: false })
                next = next.Add(new GroupMembership(sink, group, filter));
            (before, after) = (Merge(members), Merge(next));
            Volatile.Write(ref _groups, next.IsEmpty ? _groups.Remove(group) : _groups.SetItem(group, next));
        }

        if (before.IsExclude != after.IsExclude || !before.Listed.SetEquals(after.Listed))
            changed(group, before, after);
    }

    /// <summary>Ends all memberships of a socket.</summary>
    internal void Leave(IDatagramSink sink)
    {
        foreach (Ipv4Address group in Volatile.Read(ref _groups).Keys)
        {
            if (FilterOf(sink, group) is not null)
                Set(sink, group, null);
        }
    }

    private static GroupFilter Merge(ImmutableList<GroupMembership> members) =>
        members.Aggregate(GroupFilter.None, (merged, member) => merged.Union(member.Filter));
}
