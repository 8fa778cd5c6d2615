namespace ZMemif.Udp.Tests.Fuzz;

/// <summary>Numbers that look random and are the same for the same seed, on every machine and version (SplitMix64).</summary>
internal sealed class FuzzRandom(ulong seed)
{
    private ulong _state = seed;

    internal ulong Next()
    {
        ulong z = _state += 0x9E37_79B9_7F4A_7C15;
        z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
        z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
        return z ^ (z >> 31);
    }

    /// <summary>From 0 up to, not including, a limit.</summary>
    internal int Below(int limit) => (int)((uint)(Next() >> 32) * (ulong)(uint)limit >> 32);

    /// <summary>So many times of a hundred.</summary>
    internal bool Percent(int percent) => Below(100) < percent;

    internal T Of<T>(T[] choices) => choices[Below(choices.Length)];

    internal void Fill(Span<byte> bytes)
    {
        foreach (ref byte one in bytes)
            one = (byte)Next();
    }
}
