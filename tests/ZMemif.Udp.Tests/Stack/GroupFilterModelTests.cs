using CsCheck;
using ZMemif.Udp.Stack;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Tests.Stack;

/// <summary>Source filters against what they mean: a source is wanted, or not (RFC 3376 §3.2, §5.1).</summary>
public sealed class GroupFilterModelTests
{
    private static readonly Ipv4Address[] s_sources = [.. Enumerable.Range(1, 6).Select(i => new Ipv4Address((uint)i))];
    private static readonly Ipv4Address s_group = Ipv4Address.Parse("239.1.2.3");

    private static readonly Gen<GroupFilter> s_filters =
        Gen.Select(Gen.Bool, Gen.Int[0, s_sources.Length - 1].Select(i => s_sources[i]).Array[0, 6], (isExclude, listed) => new GroupFilter(isExclude, [.. listed]));

    [Fact]
    public void Union_AcceptsWhatEitherAccepts() => Gen.Select(s_filters, s_filters).Sample((a, b) =>
        s_sources.All(source => a.Union(b).Accepts(source) == (a.Accepts(source) || b.Accepts(source))));

    [Fact]
    public void Changes_AppliedByARouter_MakeOneFilterOfTheOther() => Gen.Select(s_filters, s_filters).Sample((before, after) =>
        IgmpChange.Between(before, after).Records(s_group, after).Aggregate(before, Apply).IsSameAs(after));

    [Fact]
    public void TwoChanges_ToldTogether_AreRightForWhoHeardTheFirstAndWhoDidNot() => Gen.Select(s_filters, s_filters, s_filters).Sample((before, between, after) =>
    {
        IgmpRecord[] records = [.. IgmpChange.Between(before, between).And(IgmpChange.Between(between, after)).Records(s_group, after)];
        return records.Aggregate(before, Apply).IsSameAs(after) && records.Aggregate(between, Apply).IsSameAs(after);
    });

    // What a record means to a router that knew the filter before.
    private static GroupFilter Apply(GroupFilter known, IgmpRecord record) => record.Type switch
    {
        IgmpRecordType.ChangeToInclude => new GroupFilter(IsExclude: false, record.Sources),
        IgmpRecordType.ChangeToExclude => new GroupFilter(IsExclude: true, record.Sources),
        IgmpRecordType.AllowNewSources => known with { Listed = known.IsExclude ? known.Listed.Except(record.Sources) : known.Listed.Union(record.Sources) },
        IgmpRecordType.BlockOldSources => known with { Listed = known.IsExclude ? known.Listed.Union(record.Sources) : known.Listed.Except(record.Sources) },
        _ => throw new InvalidOperationException($"{record.Type} is no change."),
    };
}
