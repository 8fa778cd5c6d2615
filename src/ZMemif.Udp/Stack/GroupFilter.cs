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

    /// <summary>Whether both want the same; the order of the sources is chance.</summary>
    internal bool IsSameAs(GroupFilter other) => IsExclude == other.IsExclude && Listed.SetEquals(other.Listed);
}
