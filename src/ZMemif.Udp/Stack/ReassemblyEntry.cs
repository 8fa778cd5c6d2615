using System.Buffers;
using System.Runtime.InteropServices;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>
/// A packet that is being put together (RFC 815, RFC 5722 §4). Its fragments never overlap, so that it is complete when as many
/// bytes have come as its last fragment says. Not thread-safe.
/// </summary>
internal sealed class ReassemblyEntry(ReassemblyKey key, long deadline)
{
    /// <summary>What an entry is charged besides its buffer, in bytes.</summary>
    private const int Overhead = 256;

    // The payload begins here, and the first fragment's header ends here, so that the packet lies in one piece.
    private const int PayloadStart = Ipv4Packet.MaxHeaderLength;

    private readonly List<Piece> _pieces = [];
    private byte[] _buffer = [];
    private int _received;
    private int? _total;
    private int _headerLength;

    internal ReassemblyKey Key => key;

    /// <summary>When it is given up, as a timestamp of the clock.</summary>
    internal long Deadline => deadline;

    /// <summary>Its place among all, oldest first, and among those of its source.</summary>
    internal LinkedListNode<ReassemblyEntry>? Place { get; set; }

    internal LinkedListNode<ReassemblyEntry>? PlaceInSource { get; set; }

    /// <summary>The memory it holds, in bytes.</summary>
    internal int Charge => Overhead + _buffer.Length;

    internal bool IsComplete => _received == _total && HasFirst;

    /// <summary>The fragment with the transport header has come.</summary>
    internal bool HasFirst => _headerLength > 0;

    /// <summary>The header of the first fragment, and what has come behind it without a gap.</summary>
    internal ReadOnlySpan<byte> Packet =>
        _buffer.AsSpan(PayloadStart - _headerLength, _headerLength + (IsComplete ? _received : HasFirst ? _pieces[0].End : 0));

    /// <summary>Adds a fragment of possible length and offset.</summary>
    /// <param name="packet">Its header.</param>
    /// <param name="payload">Its payload; every byte is read once, unless it is a duplicate.</param>
    /// <returns>Null, or why the whole packet dies; for <see cref="MemifDropReason.FragmentDuplicate"/> only this fragment.</returns>
    internal MemifDropReason? Add(Ipv4Packet packet, ReadOnlySpan<byte> payload)
    {
        var piece = new Piece(packet.FragmentOffset, packet.FragmentOffset + payload.Length);
        if (ChangesLength(piece, isLast: !packet.MoreFragments))
            return MemifDropReason.FragmentLengthChanged;
        int place = PlaceOf(piece);
        if (place < _pieces.Count && _pieces[place] == piece && payload.SequenceEqual(_buffer.AsSpan(PayloadStart + piece.Start, payload.Length)))
            return MemifDropReason.FragmentDuplicate;
        if ((place > 0 && _pieces[place - 1].End > piece.Start) || (place < _pieces.Count && _pieces[place].Start < piece.End))
            return MemifDropReason.FragmentOverlap;
        if (_pieces.Count == Reassembler.MaxFragments)
            return MemifDropReason.FragmentsTooMany;

        MakeRoom(piece.End);
        payload.CopyTo(_buffer.AsSpan(PayloadStart + piece.Start));
        _pieces.Insert(place, piece);
        _received += payload.Length;
        if (!packet.MoreFragments)
            _total = piece.End;
        if (piece.Start == 0)
            KeepHeader(packet);
        return IsComplete && _headerLength + _received > ushort.MaxValue ? MemifDropReason.FragmentTooLong : null;
    }

    /// <summary>Makes the header of the first fragment that of the whole packet.</summary>
    internal void Finish() =>
        Ipv4Packet.MakeWhole(_buffer.AsSpan(PayloadStart - _headerLength, _headerLength), _headerLength + _received);

    /// <summary>Gives the memory back.</summary>
    internal void Release()
    {
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    // There is one end; what is not the last fragment ends before it.
    private bool ChangesLength(Piece piece, bool isLast)
    {
        int furthest = _pieces.Count == 0 ? 0 : _pieces[^1].End;
        return isLast
            ? _total is { } total ? piece.End != total : piece.End <= furthest
            : _total is { } end && piece.End >= end;
    }

    /// <summary>How many pieces begin before this one.</summary>
    private int PlaceOf(Piece piece)
    {
        int place = _pieces.Count;
        while (place > 0 && _pieces[place - 1].Start >= piece.Start)
            place--;
        return place;
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

    private void KeepHeader(Ipv4Packet packet)
    {
        _headerLength = packet.HeaderLength;
        packet.Header.CopyTo(_buffer.AsSpan(PayloadStart - _headerLength));
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Piece(int Start, int End);
}
