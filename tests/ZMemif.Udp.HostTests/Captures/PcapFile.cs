using System.Buffers.Binary;

namespace ZMemif.Udp.HostTests.Captures;

/// <summary>Writes the classic pcap format, version 2.4: a file header of 24 bytes, then 16 bytes before each frame.</summary>
internal static class PcapFile
{
    private const uint Magic = 0xA1B2C3D4; // time stamps in microseconds
    private const int FileHeaderLength = 24;
    private const int RecordHeaderLength = 16;
    private const uint LinkTypeEthernet = 1;

    internal static void Write(string path, IEnumerable<CapturedFrame> frames)
    {
        using FileStream file = File.Create(path);
        file.Write(FileHeader());
        foreach (CapturedFrame frame in frames)
        {
            file.Write(RecordHeader(frame));
            file.Write(frame.Bytes);
        }
    }

    private static byte[] FileHeader()
    {
        byte[] header = new byte[FileHeaderLength];
        BinaryPrimitives.WriteUInt32LittleEndian(header, Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(4), 2);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(6), 4);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(16), 1 << 18); // longest frame
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(20), LinkTypeEthernet);
        return header;
    }

    private static byte[] RecordHeader(CapturedFrame frame)
    {
        byte[] header = new byte[RecordHeaderLength];
        BinaryPrimitives.WriteUInt32LittleEndian(header, (uint)frame.Time.ToUnixTimeSeconds());
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(4), (uint)(frame.Time.Ticks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond));
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(8), frame.Bytes.Length); // captured
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(12), frame.Bytes.Length); // on the wire
        return header;
    }
}
