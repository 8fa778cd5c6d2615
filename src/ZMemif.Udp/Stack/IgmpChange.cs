using System.Collections.Immutable;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>
/// What has changed of a group since the routers surely know it. It names what, not how: the report says what holds when it is
/// sent, so that of a change and a later one the last word is right, whichever report is lost (RFC 3376 §5.1).
/// </summary>
/// <param name="IsWhole">"From these only" has become "from all but these", or the reverse, so that the whole filter is told.</param>
/// <param name="Sources">Else: the sources that are wanted since, or not wanted any more.</param>
internal sealed record IgmpChange(bool IsWhole, ImmutableHashSet<Ipv4Address> Sources)
{
    /// <summary>More sources than this are not kept apart: the whole filter is told, which says the same.</summary>
    internal const int MaxSources = 64;

    internal static IgmpChange Between(GroupFilter before, GroupFilter after) =>
        before.IsExclude == after.IsExclude ? Of(before.Listed.SymmetricExcept(after.Listed)) : Whole;

    private static IgmpChange Whole { get; } = new(IsWhole: true, []);

    /// <summary>This change and a later one.</summary>
    internal IgmpChange And(IgmpChange later) => IsWhole || later.IsWhole ? Whole : Of(Sources.Union(later.Sources));

    /// <summary>The change in words, now that this is wanted of the group.</summary>
    internal IEnumerable<IgmpRecord> Records(Ipv4Address group, GroupFilter wanted)
    {
        if (IsWhole)
            return [new IgmpRecord(wanted.IsExclude ? IgmpRecordType.ChangeToExclude : IgmpRecordType.ChangeToInclude, group, wanted.Listed)];
        IgmpRecord[] records =
        [
            new IgmpRecord(IgmpRecordType.AllowNewSources, group, [.. Sources.Where(wanted.Accepts)]),
            new IgmpRecord(IgmpRecordType.BlockOldSources, group, [.. Sources.Where(source => !wanted.Accepts(source))]),
        ];
        return records.Where(record => !record.Sources.IsEmpty);
    }

    private static IgmpChange Of(ImmutableHashSet<Ipv4Address> sources) => sources.Count <= MaxSources ? new(IsWhole: false, sources) : Whole;
}
