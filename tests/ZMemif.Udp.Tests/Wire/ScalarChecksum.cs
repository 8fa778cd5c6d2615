namespace ZMemif.Udp.Tests.Wire;

/// <summary>RFC 1071 §1 word by word: slow, and too simple to be wrong.</summary>
internal static class ScalarChecksum
{
    public static ushort Sum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (int i = 0; i < bytes.Length; i += 2)
        {
            int low = i + 1 < bytes.Length ? bytes[i + 1] : 0;
            sum += (uint)((bytes[i] << 8) | low);
            sum = (sum & 0xFFFF) + (sum >> 16);
        }

        return (ushort)sum;
    }
}
