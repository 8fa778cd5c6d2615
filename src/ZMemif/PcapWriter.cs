using System.Buffers.Binary;

namespace ZMemif;

/// <summary>
/// Writes packets to a pcap file with nanosecond time stamps (draft-ietf-opsawg-pcap). Thread-safe. The header is on the
/// disk from the start, packets are buffered. A file that cannot be written any more ends the capture, not the traffic.
/// </summary>
internal sealed class PcapWriter : IDisposable
{
    private const uint NanosecondMagic = 0xA1B23C4D;
    private const int SnapLength = 262_144;
    private const int LinkTypeEthernet = 1;
    private const int LinkTypeRawIp = 101;
    private const int FileHeaderBytes = 24;
    private const int RecordHeaderBytes = 16;
    private const int BufferBytes = 1 << 16;

    private readonly Lock _lock = new();
    private readonly BufferedStream _file;
    private readonly TimeProvider _time;
    private readonly Action<Exception> _failed;
    private bool _isOver;

    /// <param name="path">The file; one that exists is overwritten.</param>
    /// <param name="mode">What the packets are.</param>
    /// <param name="time">Where time stamps come from.</param>
    /// <param name="failed">Told once, if the disk does not take what is written; on the thread that writes.</param>
    /// <exception cref="IOException">The file cannot be created, or its header cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write there.</exception>
    internal PcapWriter(string path, MemifMode mode, TimeProvider time, Action<Exception> failed)
    {
        _time = time;
        _failed = failed;
        var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        try
        {
            WriteHeader(file, mode);
        }
        catch
        {
            file.Dispose();
            throw;
        }

        _file = new BufferedStream(file, BufferBytes);
    }

    /// <summary>Why nothing is written any more; null while all is well.</summary>
    internal Exception? Fault { get; private set; }

    private static void WriteHeader(FileStream file, MemifMode mode)
    {
        Span<byte> header = stackalloc byte[FileHeaderBytes];
        header.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(header, NanosecondMagic);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], 2);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], 4);
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], SnapLength);
        BinaryPrimitives.WriteInt32LittleEndian(header[20..], mode == MemifMode.Ethernet ? LinkTypeEthernet : LinkTypeRawIp);
        file.Write(header);
    }

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
        if (Append(header, packet) is { } fault)
            _failed(fault);
    }

    /// <summary>Ends the capture; the file is complete afterwards, unless there is a <see cref="Fault"/>.</summary>
    public void Dispose()
    {
        if (Close() is { } fault)
            _failed(fault);
    }

    /// <returns>What has just ended the capture.</returns>
    private Exception? Append(ReadOnlySpan<byte> header, ReadOnlySpan<byte> packet)
    {
        lock (_lock)
        {
            if (_isOver)
                return null;
            try
            {
                _file.Write(header);
                _file.Write(packet);
                return null;
            }
            catch (Exception e) when (IsOfTheDisk(e))
            {
                _isOver = true;
                return Fault = e;
            }
        }
    }

    private Exception? Close()
    {
        lock (_lock)
        {
            _isOver = true;
            try
            {
                _file.Dispose();
                return null;
            }
            catch (Exception e) when (IsOfTheDisk(e))
            {
                // After an earlier fault, what the buffer still holds cannot be written either.
                return Fault is null ? Fault = e : null;
            }
        }
    }

    // A file that is too large (EFBIG) is an argument out of range to the framework.
    private static bool IsOfTheDisk(Exception e) => e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException;
}
