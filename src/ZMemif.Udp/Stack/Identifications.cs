using System.Security.Cryptography;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>
/// The identifications of packets that may be cut (RFC 6864 §4.3: not the same twice between two hosts, of one protocol, while
/// the first may be under way). Each pair counts up, from a place that others cannot guess (RFC 7739 §5.3: a keyed hash of the
/// pair, and one of many counters by another). Thread-safe.
/// </summary>
internal sealed class Identifications
{
    private const int Counters = 1024;

    private readonly int[] _counters = new int[Counters];
    private readonly ulong _key;

    internal Identifications()
        : this(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))))
    {
    }

    /// <param name="key">Known to nobody. The counters begin at random nevertheless, so that what is sent tells less of it.</param>
    internal Identifications(ulong key)
    {
        _key = key;
        for (int i = 0; i < Counters; i++)
            _counters[i] = RandomNumberGenerator.GetInt32(int.MaxValue);
    }

    internal ushort Next(Ipv4Address source, Ipv4Address destination, IpProtocol protocol)
    {
        int hash = HashCode.Combine(_key, source.Value, destination.Value, protocol);
        int place = HashCode.Combine(hash, _key >> 32) & (Counters - 1);
        return (ushort)(hash + Interlocked.Increment(ref _counters[place]));
    }
}
