using System.Buffers.Binary;

namespace RawPeer;

/// <summary>What testpmd makes in its forward mode <c>txonly</c>: IPv4 and UDP headers, and whatever lay in its buffers as payload.</summary>
internal static class TxOnlyFrame
{
    /// <returns>What is wrong with a frame that should have this length; null when nothing is.</returns>
    internal static string? Difference(ReadOnlySpan<byte> frame, int length)
    {
        if (frame.Length != length)
            return $"has {frame.Length} bytes, not {length}";
        ReadOnlySpan<byte> ip = frame[14..34];
        ReadOnlySpan<byte> udp = frame[34..42];
        if (BinaryPrimitives.ReadUInt16BigEndian(frame[12..]) != 0x0800 || ip[0] != 0x45 || ip[9] != 17)
            return $"is no UDP over IPv4: {Convert.ToHexString(frame[..42])}";
        if (Sum(ip) != 0xffff)
            return $"has a wrong IPv4 checksum: {Convert.ToHexString(ip)}";
        if (BinaryPrimitives.ReadUInt16BigEndian(ip[2..]) != length - 14 || BinaryPrimitives.ReadUInt16BigEndian(udp[4..]) != length - 34)
            return $"has wrong lengths in its headers: {Convert.ToHexString(frame[14..42])}";
        return null;
    }

    private static int Sum(ReadOnlySpan<byte> words)
    {
        int sum = 0;
        for (int i = 0; i < words.Length; i += 2)
            sum += BinaryPrimitives.ReadUInt16BigEndian(words[i..]);
        return (sum & 0xffff) + (sum >> 16);
    }
}
