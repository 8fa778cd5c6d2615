using System.Buffers.Binary;

namespace ZMemif.Tests.Peers;

/// <summary>A pcap file as somebody reads it who knows nothing of the writer (draft-ietf-opsawg-pcap).</summary>
internal sealed class PcapText
{
    private PcapText(uint magic, (int Major, int Minor) version, uint snapLength, uint linkType)
    {
        Magic = magic;
        Version = version;
        SnapLength = snapLength;
        LinkType = linkType;
    }

    internal uint Magic { get; }

    internal (int Major, int Minor) Version { get; }

    internal uint SnapLength { get; }

    internal uint LinkType { get; }

    internal List<(DateTimeOffset Time, byte[] Bytes)> Packets { get; } = [];

    /// <summary>Reads a file to its last byte; every record must be whole.</summary>
    internal static PcapText Read(string path)
    {
        ReadOnlySpan<byte> rest = File.ReadAllBytes(path);
        var pcap = new PcapText(
            BinaryPrimitives.ReadUInt32LittleEndian(rest),
            (BinaryPrimitives.ReadUInt16LittleEndian(rest[4..]), BinaryPrimitives.ReadUInt16LittleEndian(rest[6..])),
            BinaryPrimitives.ReadUInt32LittleEndian(rest[16..]),
            BinaryPrimitives.ReadUInt32LittleEndian(rest[20..]));
        Assert.Equal(0UL, BinaryPrimitives.ReadUInt64LittleEndian(rest[8..]));
        for (rest = rest[24..]; !rest.IsEmpty;)
        {
            long seconds = BinaryPrimitives.ReadUInt32LittleEndian(rest);
            uint nanoseconds = BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
            int captured = BinaryPrimitives.ReadInt32LittleEndian(rest[8..]);
            Assert.Equal(captured, BinaryPrimitives.ReadInt32LittleEndian(rest[12..]));
            Assert.InRange(nanoseconds, 0U, 999_999_999U);
            pcap.Packets.Add((DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(nanoseconds / 100), rest.Slice(16, captured).ToArray()));
            rest = rest[(16 + captured)..];
        }

        return pcap;
    }
}
