using System.Collections.Immutable;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>What a report says of one group.</summary>
internal sealed record IgmpRecord(IgmpRecordType Type, Ipv4Address Group, ImmutableHashSet<Ipv4Address> Sources)
{
    internal int Length => IgmpWriter.RecordHeaderLength + (Sources.Count * Ipv4Address.Length);

    private bool IsOfExcluded => Type is IgmpRecordType.ModeIsExclude or IgmpRecordType.ChangeToExclude;

    /// <summary>What is wanted of a group, as an answer.</summary>
    internal static IgmpRecord Current(Ipv4Address group, GroupFilter wanted) =>
        new(wanted.IsExclude ? IgmpRecordType.ModeIsExclude : IgmpRecordType.ModeIsInclude, group, wanted.Listed);

    /// <summary>
    /// The record in parts of at most so many bytes (RFC 3376 §4.2.16): each with other sources. Of "all but these" there is one
    /// part only, since parts would contradict each other: with as many sources as fit, always the same.
    /// </summary>
    /// <param name="room">In bytes; enough for one source.</param>
    internal IEnumerable<IgmpRecord> Fit(int room)
    {
        int most = (room - IgmpWriter.RecordHeaderLength) / Ipv4Address.Length;
        if (Sources.Count <= most)
            return [this];
        IEnumerable<IgmpRecord> parts = Sources.OrderBy(source => source.Value).Chunk(most).Select(part => this with { Sources = [.. part] });
        return IsOfExcluded ? parts.Take(1) : parts;
    }

    /// <summary>Writes the record; the sources in ascending order, so that what is on the wire does not depend on chance.</summary>
    internal void Write(Span<byte> destination)
    {
        IgmpWriter.WriteRecordHeader(destination, Type, Group, Sources.Count);
        int at = IgmpWriter.RecordHeaderLength;
        foreach (Ipv4Address source in Sources.OrderBy(source => source.Value))
        {
            source.Write(destination[at..]);
            at += Ipv4Address.Length;
        }
    }
}
