using System.Buffers.Binary;

namespace ZMemif;

/// <summary>
/// Writes packets to a pcap file with nanosecond time stamps (draft-ietf-opsawg-pcap). Thread-safe. A file that cannot be
/// written any more ends the capture, not the traffic; <see cref="Fault"/> says why.
/// </summary>
internal sealed class PcapWriter : IDisposable
{
    private const uint NanosecondMagic = 0xA1B23C4D;
    private const int SnapLength = 262_144;
    private const int LinkTypeEthernet = 1;
    private const int LinkTypeRawIp = 101;
    private const int FileHeaderBytes = 24;
    private const int RecordHeaderBytes = 16;

    private readonly Lock _lock = new();
    private readonly FileStream _file;
    private readonly TimeProvider _time;
    private bool _isOver;

    /// <exception cref="IOException">The file cannot be created.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write there.</exception>
    internal PcapWriter(string path, MemifMode mode, TimeProvider time)
    {
        _time = time;
        _file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 1 << 16);
        Span<byte> header = stackalloc byte[FileHeaderBytes];
        header.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(header, NanosecondMagic);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], 2);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], 4);
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], SnapLength);
        BinaryPrimitives.WriteInt32LittleEndian(header[20..], mode == MemifMode.Ethernet ? LinkTypeEthernet : LinkTypeRawIp);
        _file.Write(header);
    }

    /// <summary>Why nothing is written any more; null while all is well.</summary>
    internal IOException? Fault { get; private set; }

    /// <summary>Appends one packet.</summary>
    internal void Write(MemifPacket packet)
    {
        if (packet.SegmentCount == 1)
        {
            Write(packet.GetSegment(0));
            return;
        }

        byte[] whole = new byte[packet.Length];
        packet.CopyTo(0, whole);
        Write(whole);
    }

    /// <summary>Appends one packet.</summary>
    internal void Write(ReadOnlySpan<byte> packet)
    {
        DateTimeOffset now = _time.GetUtcNow();
        long ticks = now.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;
        Span<byte> header = stackalloc byte[RecordHeaderBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(header, (uint)(ticks / TimeSpan.TicksPerSecond));
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], (uint)(ticks % TimeSpan.TicksPerSecond * 100));
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], packet.Length);
        BinaryPrimitives.WriteInt32LittleEndian(header[12..], packet.Length);
        lock (_lock)
        {
            if (_isOver)
                return;
            try
            {
                _file.Write(header);
                _file.Write(packet);
            }
            catch (IOException e)
            {
                Fault = e;
                _isOver = true;
            }
        }
    }

    /// <summary>Ends the capture; the file is complete afterwards.</summary>
    /// <exception cref="IOException">The rest could not be written.</exception>
    public void Dispose()
    {
        lock (_lock)
        {
            _isOver = true;
            _file.Dispose();
        }
    }
}
