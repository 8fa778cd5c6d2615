using System.Collections.Immutable;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>The answer about one group that a query waits for (RFC 3376 §5.2).</summary>
/// <param name="At">When it is due, as a timestamp of the clock.</param>
/// <param name="Sources">The sources that were asked for; null for the whole group.</param>
internal sealed record IgmpAnswer(long At, ImmutableHashSet<Ipv4Address>? Sources)
{
    /// <summary>Who asks for more sources is told of the whole group: what is kept for queriers has to be bounded (§9.1).</summary>
    internal const int MaxSources = 64;

    internal static IgmpAnswer To(scoped IgmpQuery query, long at) => new(at, SourcesOf(query));

    /// <summary>One answer to two queries: as soon as either wants it, and about all that they ask for.</summary>
    internal IgmpAnswer And(IgmpAnswer other) => new(Math.Min(At, other.At), Union(Sources, other.Sources));

    /// <summary>The answer in words; null when nothing of what was asked for is wanted.</summary>
    internal IgmpRecord? Record(Ipv4Address group, GroupFilter wanted)
    {
        if (Sources is null)
            return IgmpRecord.Current(group, wanted);
        ImmutableHashSet<Ipv4Address> sources = [.. Sources.Where(wanted.Accepts)];
        return sources.IsEmpty ? null : new IgmpRecord(IgmpRecordType.ModeIsInclude, group, sources);
    }

    private static ImmutableHashSet<Ipv4Address>? SourcesOf(scoped IgmpQuery query)
    {
        if (query.SourceCount is 0 or > MaxSources)
            return null;
        ImmutableHashSet<Ipv4Address>.Builder sources = ImmutableHashSet.CreateBuilder<Ipv4Address>();
        for (int i = 0; i < query.SourceCount; i++)
            sources.Add(query.Source(i));
        return sources.ToImmutable();
    }

    private static ImmutableHashSet<Ipv4Address>? Union(ImmutableHashSet<Ipv4Address>? one, ImmutableHashSet<Ipv4Address>? other) =>
        one is null || other is null || one.Union(other) is not { Count: <= MaxSources } both ? null : both;
}
