using System.Runtime.InteropServices;
using ZMemif.Memory;
using ZMemif.Queues;

namespace ZMemif;

/// <summary>
/// A received packet on loan: it stays in shared memory for as long as the lease lives, and its slots go back to the
/// peer when it is disposed, in the order of the ring; the oldest lease holds back all later ones. The memory stays
/// mapped even when the link goes. Its content is volatile: the peer can write it at any time, so copy before you parse.
/// May be disposed on any thread; disposing again does nothing.
/// </summary>
[StructLayout(LayoutKind.Auto)]
public readonly struct MemifLease : IDisposable, IEquatable<MemifLease>
{
    private readonly RxWalk? _walk;
    private readonly ReadOnlyMemory<PacketSegment> _segments;
    private readonly SlotLoan _loan;

    internal MemifLease(RxWalk walk, ReadOnlyMemory<PacketSegment> segments, int length, SlotLoan loan)
    {
        _walk = walk;
        _segments = segments;
        _loan = loan;
        Length = length;
    }

    /// <summary>Bytes in all segments together.</summary>
    public int Length { get; }

    /// <summary>Number of pieces that the packet lies in; 0 for a default lease.</summary>
    public int SegmentCount => _segments.Length;

    /// <summary>Whether two values are the same lease.</summary>
    public static bool operator ==(MemifLease left, MemifLease right) => left.Equals(right);

    /// <summary>Whether two values are different leases.</summary>
    public static bool operator !=(MemifLease left, MemifLease right) => !left.Equals(right);

    /// <summary>One piece of the packet; the content is volatile. Not to be used after <see cref="Dispose"/>.</summary>
    /// <exception cref="InvalidOperationException">This is a default value, and no lease.</exception>
    public ReadOnlySpan<byte> GetSegment(int index) => _walk is null
        ? throw new InvalidOperationException("A default lease has no segments; leases come from MemifRxQueue.TryLease.")
        : _walk.Generation.View(_segments.Span[index]);

    /// <summary>Copies bytes from <paramref name="offset"/> on, as many as there are and as fit.</summary>
    /// <returns>The number of bytes copied.</returns>
    public int CopyTo(int offset, Span<byte> destination) =>
        _walk is null ? 0 : new MemifPacket(_walk.Generation, _segments.Span, Length).CopyTo(offset, destination);

    /// <summary>Gives the slots back.</summary>
    public void Dispose() => _walk?.EndLoan(_loan);

    /// <inheritdoc/>
    public bool Equals(MemifLease other) => _walk == other._walk && _loan == other._loan;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is MemifLease other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _loan.GetHashCode();
}
