using System.Collections.Immutable;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>
/// From which sources a group is wanted (RFC 3376 §3): from these only, or from all but these. Immutable. The default
/// stands for "not at all".
/// </summary>
/// <param name="IsExclude">Whether <paramref name="Listed"/> names who is not wanted.</param>
/// <param name="Listed">Sources, each once.</param>
internal sealed record GroupFilter(bool IsExclude, ImmutableHashSet<Ipv4Address> Listed)
{
    /// <summary>Nobody wants the group.</summary>
    internal static GroupFilter None { get; } = new(IsExclude: false, []);

    /// <summary>Everything that is sent to the group.</summary>
    internal static GroupFilter All { get; } = new(IsExclude: true, []);

    internal bool IsNone => !IsExclude && Listed.IsEmpty;

    internal bool Accepts(Ipv4Address source) => Listed.Contains(source) == !IsExclude;

    /// <summary>What is wanted by either (RFC 3376 §3.2).</summary>
    internal GroupFilter Union(GroupFilter other) => (IsExclude, other.IsExclude) switch
    {
        (true, true) => new GroupFilter(IsExclude: true, Listed.Intersect(other.Listed)),
        (true, false) => new GroupFilter(IsExclude: true, Listed.Except(other.Listed)),
        (false, true) => new GroupFilter(IsExclude: true, other.Listed.Except(Listed)),
        _ => new GroupFilter(IsExclude: false, Listed.Union(other.Listed)),
    };

    /// <summary>What has to be reported when this has become another filter (RFC 3376 §5.1).</summary>
    internal IEnumerable<IgmpRecord> ChangesTo(GroupFilter next, Ipv4Address group)
    {
        if (IsExclude != next.IsExclude)
        {
            yield return new IgmpRecord(next.IsExclude ? IgmpRecordType.ChangeToExclude : IgmpRecordType.ChangeToInclude, group, next.Listed);
            yield break;
        }

        ImmutableHashSet<Ipv4Address> added = next.Listed.Except(Listed);
        ImmutableHashSet<Ipv4Address> removed = Listed.Except(next.Listed);
        (ImmutableHashSet<Ipv4Address> allowed, ImmutableHashSet<Ipv4Address> blocked) = IsExclude ? (removed, added) : (added, removed);
        if (!allowed.IsEmpty)
            yield return new IgmpRecord(IgmpRecordType.AllowNewSources, group, allowed);
        if (!blocked.IsEmpty)
            yield return new IgmpRecord(IgmpRecordType.BlockOldSources, group, blocked);
    }
}
