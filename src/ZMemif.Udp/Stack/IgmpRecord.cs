using System.Collections.Immutable;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>What a report says of one group.</summary>
internal sealed record IgmpRecord(IgmpRecordType Type, Ipv4Address Group, ImmutableHashSet<Ipv4Address> Sources)
{
    internal int Length => IgmpWriter.RecordHeaderLength + (Sources.Count * Ipv4Address.Length);

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
