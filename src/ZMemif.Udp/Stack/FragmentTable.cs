using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>
/// Which eight-byte units of a packet have come: the bit table of RFC 791 §3.2, as long as the furthest of them asks for, so that a
/// fragment costs the same however many have come before. Not thread-safe.
/// </summary>
internal sealed class FragmentTable
{
    private const int WordBits = 64;
    private const int MaxWords = 128;

    private ulong[] _words = [];

    /// <summary>The memory it holds, in bytes.</summary>
    internal int Bytes => _words.Length * sizeof(ulong);

    /// <summary>Marks the units of a fragment, unless one of them has come.</summary>
    /// <param name="offset">Where the fragment begins, in bytes; in whole units.</param>
    /// <param name="length">Bytes; the last unit may be a part of one.</param>
    internal bool TryAdd(int offset, int length)
    {
        int first = offset / Ipv4Packet.FragmentUnit;
        int end = (offset + length + Ipv4Packet.FragmentUnit - 1) / Ipv4Packet.FragmentUnit;
        int words = (end + WordBits - 1) / WordBits;
        for (int word = first / WordBits; word < Math.Min(words, _words.Length); word++)
        {
            if ((_words[word] & MaskOf(word, first, end)) != 0)
                return false;
        }

        if (words > _words.Length)
            Array.Resize(ref _words, Math.Min(Math.Max(words, 2 * _words.Length), MaxWords));
        for (int word = first / WordBits; word < words; word++)
            _words[word] |= MaskOf(word, first, end);
        return true;
    }

    /// <summary>The bits of one word that stand for units from the first to the end.</summary>
    private static ulong MaskOf(int word, int first, int end)
    {
        int from = Math.Max(first - (word * WordBits), 0);
        int behind = Math.Max(((word + 1) * WordBits) - end, 0);
        return (ulong.MaxValue << from) & (ulong.MaxValue >> behind);
    }
}
