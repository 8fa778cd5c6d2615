using System.Buffers;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using ZMemif.Udp.Sockets;

namespace ZMemif.Udp;

/// <content>Where payloads lie: in one buffer, or in a list of them.</content>
public partial class MemifSocketAsyncEventArgs
{
    private readonly List<ArraySegment<byte>> _segments = [];
    private bool _isArray;
    private byte[]? _scratch;

    /// <summary>The array that was set as buffer; null if there is none, or it was set as memory.</summary>
    public byte[]? Buffer => _isArray && MemoryMarshal.TryGetArray(MemoryBuffer, out ArraySegment<byte> array) ? array.Array : null;

    /// <summary>The memory that was set as buffer, or the whole of the array.</summary>
    public Memory<byte> MemoryBuffer { get; private set; }

    /// <summary>Where in the buffer the payload begins, in bytes.</summary>
    public int Offset { get; private set; }

    /// <summary>How many bytes of the buffer may be used.</summary>
    public int Count { get; private set; }

    /// <summary>
    /// Several buffers, of which one datagram is gathered, or over which one is scattered. What the list holds when it is set counts.
    /// </summary>
    /// <exception cref="ArgumentException">There is a buffer already.</exception>
    /// <exception cref="InvalidOperationException">Set while it is used.</exception>
    /// <exception cref="ObjectDisposedException">Set when it is disposed.</exception>
    public IList<ArraySegment<byte>>? BufferList
    {
        get;
        set
        {
            Occupy(Configuring);
            try
            {
                if (value is not null && !MemoryBuffer.Equals(default))
                    throw BothBuffers();
                _segments.Clear();
                for (int i = 0; i < value?.Count; i++)
                    _segments.Add(Checked(value[i]));
                field = value;
            }
            finally
            {
                Release();
            }
        }
    }

    /// <summary>Sets the buffer to a part of an array; to none, if it is null.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The array has no such part.</exception>
    /// <exception cref="ArgumentException">There is a <see cref="BufferList"/>.</exception>
    /// <exception cref="InvalidOperationException">It is used.</exception>
    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    public void SetBuffer(byte[]? buffer, int offset, int count)
    {
        Occupy(Configuring);
        try
        {
            if (buffer is null)
            {
                Set(default, 0, 0, isArray: false);
                return;
            }

            if (BufferList is not null)
                throw BothBuffers();
            RequirePart(offset, count, buffer.Length);
            Set(buffer, offset, count, isArray: true);
        }
        finally
        {
            Release();
        }
    }

    /// <summary>Sets which part of the buffer is used.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The buffer has no such part.</exception>
    /// <exception cref="InvalidOperationException">The buffer is no array, or it is used.</exception>
    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    public void SetBuffer(int offset, int count)
    {
        Occupy(Configuring);
        try
        {
            if (MemoryBuffer.Equals(default))
                return;
            RequirePart(offset, count, MemoryBuffer.Length);
            if (!_isArray)
                throw new InvalidOperationException("The buffer was set as memory: set another part of that.");
            Set(MemoryBuffer, offset, count, isArray: true);
        }
        finally
        {
            Release();
        }
    }

    /// <summary>Sets the buffer.</summary>
    /// <exception cref="ArgumentException">There is a <see cref="BufferList"/>.</exception>
    /// <exception cref="InvalidOperationException">It is used.</exception>
    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    public void SetBuffer(Memory<byte> buffer)
    {
        Occupy(Configuring);
        try
        {
            if (buffer.Length > 0 && BufferList is not null)
                throw BothBuffers();
            Set(buffer, 0, buffer.Length, isArray: false);
        }
        finally
        {
            Release();
        }
    }

    private void Set(Memory<byte> buffer, int offset, int count, bool isArray)
    {
        MemoryBuffer = buffer;
        Offset = offset;
        Count = count;
        _isArray = isArray;
    }

    /// <summary>Where a receive may write. Of a list, that is memory of its own, from which the datagram is scattered.</summary>
    private Memory<byte> Room() => _segments.Count switch
    {
        _ when BufferList is null => MemoryBuffer.Slice(Offset, Count),
        1 => _segments[0],
        _ => Scratch(SegmentList.RoomOf(_segments)),
    };

    /// <summary>What a send sends. A list is gathered in memory of its own.</summary>
    private SocketError Gather(out ReadOnlyMemory<byte> payload)
    {
        payload = default;
        if (SegmentList.IsTooMuch(_segments))
            return SocketError.MessageSize;
        Memory<byte> room = Room();
        payload = room;
        if (_segments.Count > 1)
            SegmentList.Gather(_segments, room.Span);
        return SocketError.Success;
    }

    private void ScatterFrom(int length)
    {
        if (_segments.Count > 1)
            SegmentList.Scatter(_scratch.AsSpan(0, length), _segments);
    }

    private Memory<byte> Scratch(int length)
    {
        if (_scratch is null || _scratch.Length < length)
        {
            ReturnScratch();
            _scratch = ArrayPool<byte>.Shared.Rent(length);
        }

        return _scratch.AsMemory(0, length);
    }

    private void ReturnScratch()
    {
        if (_scratch is { } scratch)
            ArrayPool<byte>.Shared.Return(scratch);
        _scratch = null;
    }

    private static ArraySegment<byte> Checked(ArraySegment<byte> segment)
    {
        ArgumentNullException.ThrowIfNull(segment.Array, nameof(segment));
        return segment;
    }

    private static void RequirePart(int offset, int count, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)offset, (uint)length, nameof(offset));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(length - offset), nameof(count));
    }

    private static ArgumentException BothBuffers() => new("There can be one buffer or a list of them, not both.");
}
