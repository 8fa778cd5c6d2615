namespace ZMemif.Udp.Link;

/// <summary>
/// Random numbers that a seed determines for ever, whatever the framework does: SplitMix64 (Steele, Lea and Flood, "Fast
/// splittable pseudorandom number generators", 2014). Not thread-safe.
/// </summary>
internal sealed class FaultDice
{
    private ulong _state;

    /// <param name="seed">The user's seed.</param>
    /// <param name="stream">Which of the many dice of this seed; their numbers have nothing to do with each other.</param>
    internal FaultDice(int seed, int stream) => _state = Mix(Mix((uint)seed) ^ (uint)stream);

    internal ulong Next() => Mix(_state += 0x9E3779B97F4A7C15);

    internal bool Hits(double probability) => (Next() >> 11) * (1.0 / (1L << 53)) < probability;

    private static ulong Mix(ulong bits)
    {
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return bits ^ (bits >> 31);
    }
}
