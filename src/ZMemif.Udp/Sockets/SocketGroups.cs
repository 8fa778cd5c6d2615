using System.Net.Sockets;
using ZMemif.Udp.Stack;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Sockets;

/// <summary>
/// The groups that one socket has joined, and from which sources it wants them (RFC 3376 §2, RFC 3678 §4), with the rules and
/// limits of Linux. Thread-safe.
/// </summary>
/// <param name="table">What all sockets of the interface have joined.</param>
/// <param name="socket">The one.</param>
internal sealed class SocketGroups(GroupTable table, IDatagramSink socket)
{
    /// <summary>As net.ipv4.igmp_max_memberships.</summary>
    internal const int MaxGroups = 20;

    /// <summary>Sources listed for one group, as net.ipv4.igmp_max_msf.</summary>
    internal const int MaxSources = 10;

    private readonly Lock _lock = new();
    private readonly Dictionary<Ipv4Address, GroupFilter> _joined = [];
    private bool _isClosed;

    /// <summary>Joins a group, whoever sends to it (IP_ADD_MEMBERSHIP).</summary>
    internal SocketError Join(Ipv4Address group)
    {
        lock (_lock)
        {
            if (group.IsMulticast && _joined.ContainsKey(group))
                return SocketError.AddressAlreadyInUse;
            SocketError error = MayAdd(group);
            return error == SocketError.Success ? Set(group, GroupFilter.All) : error;
        }
    }

    /// <summary>Leaves a group, whatever was wanted of it (IP_DROP_MEMBERSHIP).</summary>
    internal SocketError Leave(Ipv4Address group)
    {
        lock (_lock)
            return _joined.ContainsKey(group) ? Set(group, null) : SocketError.AddressNotAvailable;
    }

    /// <summary>Joins a group, or wants more of it, from this source only (IP_ADD_SOURCE_MEMBERSHIP).</summary>
    internal SocketError JoinSource(Ipv4Address group, Ipv4Address source)
    {
        lock (_lock)
        {
            SocketError error = _joined.ContainsKey(group) ? SocketError.Success : MayAdd(group);
            return error == SocketError.Success ? List(group, source, isExclude: false) : error;
        }
    }

    /// <summary>Wants nothing of this source any more; without any source the group is left (IP_DROP_SOURCE_MEMBERSHIP).</summary>
    internal SocketError LeaveSource(Ipv4Address group, Ipv4Address source) => Unlist(group, source, isExclude: false);

    /// <summary>Wants everything but what comes from this source (IP_BLOCK_SOURCE).</summary>
    internal SocketError BlockSource(Ipv4Address group, Ipv4Address source)
    {
        lock (_lock)
            return _joined.ContainsKey(group) ? List(group, source, isExclude: true) : SocketError.InvalidArgument;
    }

    /// <summary>Wants it again (IP_UNBLOCK_SOURCE).</summary>
    internal SocketError UnblockSource(Ipv4Address group, Ipv4Address source) => Unlist(group, source, isExclude: true);

    /// <summary>Leaves all groups for good.</summary>
    internal void Close()
    {
        lock (_lock)
        {
            _isClosed = true;
            _joined.Clear();
            table.Leave(socket);
        }
    }

    private SocketError MayAdd(Ipv4Address group)
    {
        if (!group.IsMulticast)
            return SocketError.InvalidArgument;
        return _joined.Count < MaxGroups ? SocketError.Success : SocketError.NoBufferSpaceAvailable;
    }

    private SocketError List(Ipv4Address group, Ipv4Address source, bool isExclude)
    {
        GroupFilter filter = _joined.GetValueOrDefault(group) ?? new GroupFilter(isExclude, []);
        if (!CanTurn(filter, isExclude))
            return SocketError.InvalidArgument;
        if (filter.Listed.Contains(source))
            return SocketError.AddressNotAvailable;
        return filter.Listed.Count < MaxSources
            ? Set(group, new GroupFilter(isExclude, filter.Listed.Add(source)))
            : SocketError.NoBufferSpaceAvailable;
    }

    private SocketError Unlist(Ipv4Address group, Ipv4Address source, bool isExclude)
    {
        lock (_lock)
        {
            if (!_joined.TryGetValue(group, out GroupFilter? filter) || !CanTurn(filter, isExclude))
                return SocketError.InvalidArgument;
            return filter.Listed.Contains(source)
                ? Set(group, filter with { Listed = filter.Listed.Remove(source) })
                : SocketError.AddressNotAvailable;
        }
    }

    // A list of sources that are wanted cannot become one of sources that are not.
    private static bool CanTurn(GroupFilter filter, bool isExclude) => filter.IsExclude == isExclude || filter.Listed.IsEmpty;

    private SocketError Set(Ipv4Address group, GroupFilter? filter)
    {
        if (_isClosed)
            return SocketError.OperationAborted;
        if (filter is { IsNone: false })
            _joined[group] = filter;
        else
            _joined.Remove(group);
        table.Set(socket, group, filter);
        return SocketError.Success;
    }
}
