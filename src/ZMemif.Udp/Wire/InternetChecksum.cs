using System.Buffers.Binary;
using System.Numerics;

namespace ZMemif.Udp.Wire;

/// <summary>
/// The checksum of IPv4, UDP and ICMP (RFC 1071), as partial sums that are added in any order and folded once at the end.
/// </summary>
/// <remarks>
/// A sum is a ones' complement number of 64 bits: little-endian 64-bit words of the data, added with end-around carry. As
/// 2^16 − 1 divides 2^64 − 1, folding it gives the 16-bit sum (RFC 1071 §2 C), and as the sum does not care for byte order until
/// it is read (§2 B), the swap to network order happens in one place, <see cref="Fold"/>. All words begin at even
/// offsets of the data; <see cref="Combine"/> joins parts that do not. A sum is 0 only if every byte was 0.
/// </remarks>
internal static partial class InternetChecksum
{
    /// <summary>The sum of <paramref name="bytes"/>, an odd one at the end padded with zero, added to <paramref name="initial"/>.</summary>
    /// <param name="bytes">The data.</param>
    /// <param name="initial">The sum of an even number of bytes before; see <see cref="Combine"/> for an odd one.</param>
    public static ulong Sum(ReadOnlySpan<byte> bytes, ulong initial = 0) =>
        FillsVectors(bytes.Length) ? SumVectors(bytes, initial) : SumWords(bytes, initial);

    /// <summary>Copies <paramref name="source"/> and sums what was written, in one pass.</summary>
    /// <remarks>
    /// The source may change meanwhile (a peer's memory): each byte of it is read once, into a local that is both stored and
    /// added, so that the sum always is the sum of the destination.
    /// </remarks>
    /// <param name="source">Does not overlap the destination.</param>
    /// <param name="destination">At least as long as the source.</param>
    public static ulong CopyAndSum(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        destination = destination[..source.Length];
        return FillsVectors(source.Length) ? CopyAndSumVectors(source, destination) : CopyAndSumWords(source, destination, 0);
    }

    /// <summary>Ones' complement addition. The order of the parts does not matter, provided that each began at an even offset.</summary>
    public static ulong Add(ulong a, ulong b)
    {
        ulong sum = a + b;
        return sum + (sum < a ? 1UL : 0);
    }

    /// <summary>The sum of two pieces of data that follow each other, whatever the length of the first.</summary>
    /// <param name="first">The sum of the first piece.</param>
    /// <param name="firstLength">Its length in bytes: an odd one puts every byte of the second piece into the other half of its 16-bit word.</param>
    /// <param name="second">The sum of the second piece, taken as if it began at an even offset.</param>
    public static ulong Combine(ulong first, int firstLength, ulong second) =>
        Add(first, BitOperations.RotateLeft(second, (firstLength & 1) * 8));

    /// <summary>The sum of header fields that are at hand as numbers, each at an even offset: 16-bit fields, or 32-bit pairs of them.</summary>
    /// <param name="sumOfNumbers">The plain sum of the fields, in 64 bits, where it cannot overflow.</param>
    public static ulong FromNumbers(ulong sumOfNumbers) => BinaryPrimitives.ReverseEndianness(sumOfNumbers);

    /// <summary>The 16-bit ones' complement sum, as a number: what one writes big-endian, or reads back from the wire so.</summary>
    public static ushort Fold(ulong sum)
    {
        // Adding the number to itself with its halves exchanged leaves their sum, carry included, in the upper half.
        uint half = (uint)((sum + BitOperations.RotateLeft(sum, 32)) >> 32);
        ushort quarter = (ushort)((half + BitOperations.RotateLeft(half, 16)) >> 16);
        return BinaryPrimitives.ReverseEndianness(quarter);
    }

    /// <summary>The checksum: the complement of <see cref="Fold"/>.</summary>
    public static ushort Finish(ulong sum) => (ushort)~Fold(sum);

    /// <summary>Data that includes its own checksum is intact (RFC 1071 §1 (3)).</summary>
    public static bool IsValid(ulong sum) => Fold(sum) == ushort.MaxValue;

    private static ulong SumWords(ReadOnlySpan<byte> bytes, ulong initial)
    {
        // Two sums, so that one turn's additions do not wait for each other's carry.
        ulong first = initial;
        ulong second = 0;
        while (bytes.Length >= 16)
        {
            first = Add(first, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            second = Add(second, BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]));
            bytes = bytes[16..];
        }

        return Add(first, SumTail(bytes, second));
    }

    private static ulong CopyAndSumWords(ReadOnlySpan<byte> source, Span<byte> destination, ulong initial)
    {
        ulong first = initial;
        ulong second = 0;
        while (source.Length >= 16)
        {
            ulong low = BinaryPrimitives.ReadUInt64LittleEndian(source);
            ulong high = BinaryPrimitives.ReadUInt64LittleEndian(source[8..]);
            BinaryPrimitives.WriteUInt64LittleEndian(destination, low);
            BinaryPrimitives.WriteUInt64LittleEndian(destination[8..], high);
            first = Add(first, low);
            second = Add(second, high);
            source = source[16..];
            destination = destination[16..];
        }

        return Add(first, CopyAndSumTail(source, destination, second));
    }

    private static ulong SumTail(ReadOnlySpan<byte> bytes, ulong sum)
    {
        if (bytes.Length >= 8)
        {
            sum = Add(sum, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }

        // At most seven bytes are left, so their sum needs 33 bits and no carry.
        ulong rest = 0;
        if (bytes.Length >= 4)
        {
            rest = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            bytes = bytes[4..];
        }

        if (bytes.Length >= 2)
        {
            rest += BinaryPrimitives.ReadUInt16LittleEndian(bytes);
            bytes = bytes[2..];
        }

        if (bytes.Length >= 1)
            rest += bytes[0];

        return Add(sum, rest);
    }

    /// <summary>As <see cref="SumTail"/>; what is added is what was read, not what is there now.</summary>
    private static ulong CopyAndSumTail(ReadOnlySpan<byte> source, Span<byte> destination, ulong sum)
    {
        if (source.Length >= 8)
        {
            ulong word = BinaryPrimitives.ReadUInt64LittleEndian(source);
            BinaryPrimitives.WriteUInt64LittleEndian(destination, word);
            sum = Add(sum, word);
            source = source[8..];
            destination = destination[8..];
        }

        ulong rest = 0;
        if (source.Length >= 4)
        {
            uint word = BinaryPrimitives.ReadUInt32LittleEndian(source);
            BinaryPrimitives.WriteUInt32LittleEndian(destination, word);
            rest = word;
            source = source[4..];
            destination = destination[4..];
        }

        if (source.Length >= 2)
        {
            ushort word = BinaryPrimitives.ReadUInt16LittleEndian(source);
            BinaryPrimitives.WriteUInt16LittleEndian(destination, word);
            rest += word;
            source = source[2..];
            destination = destination[2..];
        }

        if (source.Length >= 1)
        {
            byte last = source[0];
            destination[0] = last;
            rest += last;
        }

        return Add(sum, rest);
    }
}
