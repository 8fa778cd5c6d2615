using System.Collections.Immutable;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>
/// Which groups the sockets of the interface have joined, and from which sources (RFC 1112 §7, RFC 3376 §3). Reads take no
/// lock and make nothing: a group's memberships are an array that is replaced, never changed.
/// </summary>
/// <param name="changed">
/// Called after what the sockets want of a group may have changed, not under the lock: two calls may come in either order, so
/// that who is called asks what is wanted now.
/// </param>
internal sealed class GroupTable(Action<Ipv4Address> changed)
{
    /// <summary>All systems on this link (RFC 1112 §4): every host is a member, and none reports it.</summary>
    internal static readonly Ipv4Address AllSystems = new(0xE000_0001);

    private readonly Lock _lock = new();
    private ImmutableDictionary<Ipv4Address, GroupMembership[]> _groups = ImmutableDictionary<Ipv4Address, GroupMembership[]>.Empty;

    /// <summary>Whether a socket has joined the group, from whatever source.</summary>
    internal bool IsJoined(Ipv4Address group) => group == AllSystems || Volatile.Read(ref _groups).ContainsKey(group);

    /// <summary>Whether a packet to this group concerns the host at all.</summary>
    internal bool Accepts(Ipv4Address group, Ipv4Address source)
    {
        foreach (GroupMembership member in MembersOf(group))
        {
            if (member.Filter.Accepts(source))
                return true;
        }

        return group == AllSystems;
    }

    /// <summary>
    /// Whether a socket that is bound to a datagram's port gets it. As on Linux (IP_MULTICAST_ALL) one that has not joined the
    /// group gets what others have joined; one that has, only from the sources that it wants.
    /// </summary>
    internal bool Accepts(IDatagramSink sink, Ipv4Address group, Ipv4Address source) =>
        FilterOf(sink, group) is not { } filter || filter.Accepts(source);

    /// <summary>What a socket wants of a group; null when it has not joined it.</summary>
    internal GroupFilter? FilterOf(IDatagramSink sink, Ipv4Address group)
    {
        foreach (GroupMembership member in MembersOf(group))
        {
            if (ReferenceEquals(member.Sink, sink))
                return member.Filter;
        }

        return null;
    }

    /// <summary>What the interface wants of a group.</summary>
    internal GroupFilter FilterOf(Ipv4Address group) => Merge(MembersOf(group));

    /// <summary>Replaces what a socket wants of a group; null, or nothing, ends its membership.</summary>
    internal void Set(IDatagramSink sink, Ipv4Address group, GroupFilter? filter)
    {
        lock (_lock)
        {
            GroupMembership[] next = [.. MembersOf(group).Where(member => member.Sink != sink)];
            if (filter is { IsNone: false })
                next = [.. next, new GroupMembership(sink, filter)];
            Volatile.Write(ref _groups, next.Length == 0 ? _groups.Remove(group) : _groups.SetItem(group, next));
        }

        changed(group);
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

    private GroupMembership[] MembersOf(Ipv4Address group) =>
        Volatile.Read(ref _groups).TryGetValue(group, out GroupMembership[]? members) ? members : [];

    private static GroupFilter Merge(GroupMembership[] members) =>
        members.Aggregate(GroupFilter.None, (merged, member) => merged.Union(member.Filter));
}
