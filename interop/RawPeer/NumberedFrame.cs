using System.Buffers.Binary;

namespace RawPeer;

/// <summary>
/// A frame that says which one it is, filled with bytes that follow from that: addresses, the EtherType for local
/// experiments, connection, queue, number, then the pattern.
/// </summary>
internal static class NumberedFrame
{
    /// <summary>Bytes before the pattern.</summary>
    internal const int HeaderLength = 14 + sizeof(int) + sizeof(int) + sizeof(long);

    private const ushort LocalExperimental = 0x88B5;

    private static ReadOnlySpan<byte> Ours => [0x02, 0, 0, 0, 0, 1];

    private static ReadOnlySpan<byte> Theirs => [0x02, 0, 0, 0, 0, 2];

    /// <summary>The frame as we send it.</summary>
    internal static void Write(Span<byte> frame, int connection, int queue, long number)
    {
        Theirs.CopyTo(frame);
        Ours.CopyTo(frame[6..]);
        BinaryPrimitives.WriteUInt16BigEndian(frame[12..], LocalExperimental);
        BinaryPrimitives.WriteInt32BigEndian(frame[14..], connection);
        BinaryPrimitives.WriteInt32BigEndian(frame[18..], queue);
        BinaryPrimitives.WriteInt64BigEndian(frame[22..], number);
        var step = (byte)((number * 2) + 1);
        var value = (byte)(queue + number);
        for (int i = HeaderLength; i < frame.Length; i++)
            frame[i] = value += step;
    }

    /// <summary>The connection that a frame was sent on.</summary>
    internal static int ConnectionOf(ReadOnlySpan<byte> frame) =>
        frame.Length < HeaderLength ? 0 : BinaryPrimitives.ReadInt32BigEndian(frame[14..]);

    /// <summary>Compares a frame that came back with the one that was sent, but for the addresses, which must be swapped.</summary>
    /// <returns>What is different; null when nothing is.</returns>
    internal static string? Difference(ReadOnlySpan<byte> frame, ReadOnlySpan<byte> sent)
    {
        if (frame.Length != sent.Length)
            return $"has {frame.Length} bytes, not {sent.Length}";
        if (!frame.StartsWith(Ours) || !frame[6..].StartsWith(Theirs))
            return $"has the addresses {Convert.ToHexString(frame[..12])}, which are not ours swapped";
        int at = 12 + frame[12..].CommonPrefixLength(sent[12..]);
        return at == frame.Length ? null : $"has {frame[at]:x2} at byte {at}, not {sent[at]:x2}";
    }
}
