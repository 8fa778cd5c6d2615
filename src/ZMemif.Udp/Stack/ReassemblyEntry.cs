using System.Buffers;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>
/// A packet that is being put together (RFC 815, RFC 5722 §4). Its fragments never overlap, so that it is complete when as many
/// bytes have come as its last fragment says. They are kept in the order in which they come, so that a packet holds as much memory
/// as has come of it, wherever that belongs; what comes in order lies in its place already. Not thread-safe.
/// </summary>
internal sealed class ReassemblyEntry(ReassemblyKey key, ReassemblySource source, long deadline)
{
    /// <summary>What an entry is charged besides what grows with its fragments, in bytes: itself, and its places in the tables.</summary>
    internal const int Overhead = 512;

    // The payload begins here, and the first fragment's header ends here, so that the packet lies in one piece.
    private const int PayloadStart = Ipv4Packet.MaxHeaderLength;

    private readonly FragmentTable _units = new();

    // Of each fragment, as they came: where it belongs, in units; and where it ends among what has come.
    private readonly List<ushort> _starts = [];
    private readonly List<int> _ends = [];
    private byte[] _buffer = [];
    private int _received;
    private int _inPlace;
    private int _furthest;
    private int? _total;
    private int _headerLength;
    private int _assembled;

    internal ReassemblyKey Key => key;

    /// <summary>Who sends it.</summary>
    internal ReassemblySource Source => source;

    /// <summary>When it is given up, as a timestamp of the clock.</summary>
    internal long Deadline => deadline;

    /// <summary>Its place among all, oldest first, and among those of its source.</summary>
    internal LinkedListNode<ReassemblyEntry>? Place { get; set; }

    internal LinkedListNode<ReassemblyEntry>? PlaceInSource { get; set; }

    /// <summary>The memory it holds, in bytes.</summary>
    internal int Charge => Overhead + _buffer.Length + _units.Bytes + (_starts.Capacity * sizeof(ushort)) + (_ends.Capacity * sizeof(int));

    internal bool IsComplete => _received == _total && HasFirst;

    /// <summary>The fragment with the transport header has come.</summary>
    internal bool HasFirst => _headerLength > 0;

    /// <summary>The header of the first fragment, and what <see cref="Finish"/> has put behind it.</summary>
    internal ReadOnlySpan<byte> Packet => _buffer.AsSpan(PayloadStart - _headerLength, _headerLength + _assembled);

    /// <summary>Adds a fragment of possible length and offset.</summary>
    /// <param name="packet">Its header.</param>
    /// <param name="payload">Its payload; every byte is read once, unless it is a duplicate.</param>
    /// <returns>Null, or why the whole packet dies; for <see cref="MemifDropReason.FragmentDuplicate"/> only this fragment.</returns>
    internal MemifDropReason? Add(Ipv4Packet packet, ReadOnlySpan<byte> payload)
    {
        int start = packet.FragmentOffset;
        int end = start + payload.Length;
        if (ChangesLength(end, isLast: !packet.MoreFragments))
            return MemifDropReason.FragmentLengthChanged;
        if (!_units.TryAdd(start, payload.Length))
            return Repeats(start, payload) ? MemifDropReason.FragmentDuplicate : MemifDropReason.FragmentOverlap;

        Keep(start, payload);
        _furthest = Math.Max(_furthest, end);
        if (!packet.MoreFragments)
            _total = end;
        if (start == 0)
            KeepHeader(packet);
        return IsComplete && _headerLength + _received > ushort.MaxValue ? MemifDropReason.FragmentTooLong : null;
    }

    /// <summary>Puts a complete packet into one piece, under one header; of an incomplete one whose first fragment has come, that one.</summary>
    internal void Finish()
    {
        _assembled = IsComplete ? _received : Fragment(_starts.IndexOf(0)).Length;
        if (_inPlace < _assembled)
            PutInPlace();
        if (IsComplete)
            Ipv4Packet.MakeWhole(_buffer.AsSpan(PayloadStart - _headerLength, _headerLength), _headerLength + _received);
    }

    /// <summary>Gives the memory back.</summary>
    internal void Release()
    {
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    // There is one end; what is not the last fragment ends before it.
    private bool ChangesLength(int end, bool isLast) =>
        isLast ? (_total is { } total ? end != total : end <= _furthest) : end >= _total;

    private bool Repeats(int start, ReadOnlySpan<byte> payload)
    {
        int index = _starts.IndexOf((ushort)(start / Ipv4Packet.FragmentUnit));
        return index >= 0 && payload.SequenceEqual(Fragment(index));
    }

    private Span<byte> Fragment(int index)
    {
        int begin = index == 0 ? 0 : _ends[index - 1];
        return _buffer.AsSpan(PayloadStart + begin, _ends[index] - begin);
    }

    private void Keep(int start, ReadOnlySpan<byte> payload)
    {
        MakeRoom(_received + payload.Length);
        payload.CopyTo(_buffer.AsSpan(PayloadStart + _received));
        if (start == _received && _inPlace == _received)
            _inPlace += payload.Length;
        _received += payload.Length;
        _starts.Add((ushort)(start / Ipv4Packet.FragmentUnit));
        _ends.Add(_received);
    }

    private void MakeRoom(int payloadLength)
    {
        int needed = PayloadStart + payloadLength;
        if (needed <= _buffer.Length)
            return;
        byte[] larger = ArrayPool<byte>.Shared.Rent(needed);
        _buffer.CopyTo(larger, 0);
        Release();
        _buffer = larger;
    }

    private void PutInPlace()
    {
        byte[] inOrder = ArrayPool<byte>.Shared.Rent(PayloadStart + _assembled);
        _buffer.AsSpan(0, PayloadStart).CopyTo(inOrder);
        for (int i = 0; i < _starts.Count; i++)
        {
            int start = _starts[i] * Ipv4Packet.FragmentUnit;
            if (start < _assembled)
                Fragment(i).CopyTo(inOrder.AsSpan(PayloadStart + start));
        }

        Release();
        _buffer = inOrder;
    }

    private void KeepHeader(Ipv4Packet packet)
    {
        _headerLength = packet.HeaderLength;
        packet.Header.CopyTo(_buffer.AsSpan(PayloadStart - _headerLength));
    }
}
