using System.Buffers.Binary;

namespace ZMemif.Udp.Wire;

/// <summary>Writes the messages that a host sends (RFC 3376 §4.2, RFC 2236 §2).</summary>
internal static class IgmpWriter
{
    public const int ShortLength = 8;
    public const int ReportHeaderLength = 8;
    public const int RecordHeaderLength = 8;

    /// <summary>A report or a leave of version 1 or 2.</summary>
    /// <param name="destination">At least 8 bytes.</param>
    /// <param name="type">What it is.</param>
    /// <param name="group">The group.</param>
    public static void WriteShort(Span<byte> destination, IgmpType type, Ipv4Address group)
    {
        destination = destination[..ShortLength];
        destination.Clear();
        destination[0] = (byte)type;
        group.Write(destination[4..]);
        Finish(destination);
    }

    /// <summary>Begins a version 3 report; records follow it, then <see cref="Finish"/>.</summary>
    public static void WriteReportHeader(Span<byte> destination, int records)
    {
        destination[..ReportHeaderLength].Clear();
        destination[0] = (byte)IgmpType.ReportV3;
        BinaryPrimitives.WriteUInt16BigEndian(destination[6..], (ushort)records);
    }

    /// <summary>Writes the head of a group record; its sources follow.</summary>
    public static void WriteRecordHeader(Span<byte> destination, IgmpRecordType type, Ipv4Address group, int sources)
    {
        destination[0] = (byte)type;
        destination[1] = 0; // no auxiliary data
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)sources);
        group.Write(destination[4..]);
    }

    /// <summary>Writes the checksum over a whole message.</summary>
    public static void Finish(Span<byte> message)
    {
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], 0);
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], InternetChecksum.Finish(InternetChecksum.Sum(message)));
    }
}
