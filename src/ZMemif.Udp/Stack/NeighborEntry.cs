using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>What is known of one neighbor. Changed under the cache's lock; <see cref="Mac"/> and <see cref="IsUsed"/> need none.</summary>
internal sealed class NeighborEntry(Ipv4Address address)
{
    private const ulong Unknown = ulong.MaxValue;

    private ulong _mac = Unknown;
    private bool _isUsed;

    internal Ipv4Address Address => address;

    /// <summary>The station's address, or null while it is being asked for.</summary>
    internal MacAddress? Mac
    {
        get
        {
            ulong mac = Volatile.Read(ref _mac);
            return mac == Unknown ? null : new MacAddress(mac);
        }

        set => Volatile.Write(ref _mac, value?.Value ?? Unknown);
    }

    /// <summary>Whole frames that wait for the address, oldest first; their Ethernet destination is not filled in.</summary>
    internal Queue<byte[]> Parked { get; } = new();

    /// <summary>The address was looked up since it was last confirmed, so that it is worth being confirmed again.</summary>
    internal bool IsUsed
    {
        get => Volatile.Read(ref _isUsed);
        set
        {
            // Senders share the entry: they must not take its cache line from each other for nothing.
            if (_isUsed != value)
                Volatile.Write(ref _isUsed, value);
        }
    }

    /// <summary>Requests sent since the address was last confirmed.</summary>
    internal int Requests { get; set; }

    /// <summary>When the next step is due: ask again, give up, or forget.</summary>
    internal long Deadline { get; set; }
}
