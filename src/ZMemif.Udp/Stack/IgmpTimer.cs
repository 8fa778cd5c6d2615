using System.Collections.Immutable;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>Something that is to be sent later: the answer to a query, or the repetition of a change.</summary>
/// <param name="At">When, as a timestamp of the clock.</param>
/// <param name="Group">Of which group; any for an answer about all of them.</param>
/// <param name="Sources">Of an answer: the sources that were asked for; null for the whole group.</param>
/// <param name="Repeated">Of a repetition: what was said.</param>
internal sealed record IgmpTimer(long At, Ipv4Address Group, ImmutableHashSet<Ipv4Address>? Sources, ImmutableArray<IgmpRecord> Repeated)
{
    internal bool IsAnswer => Repeated.IsDefault;

    internal static IgmpTimer Answer(long at, Ipv4Address group, ImmutableHashSet<Ipv4Address>? sources) => new(at, group, sources, default);

    internal static IgmpTimer Repetition(long at, Ipv4Address group, ImmutableArray<IgmpRecord> records) => new(at, group, null, records);
}
