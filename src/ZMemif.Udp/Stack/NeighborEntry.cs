using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>What is known of one neighbor. Changed under the cache's lock; <see cref="Mac"/> may be read without.</summary>
internal sealed class NeighborEntry(Ipv4Address address)
{
    private const ulong Unknown = ulong.MaxValue;

    private ulong _mac = Unknown;

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

    /// <summary>Requests sent since the address was last known.</summary>
    internal int Requests { get; set; }

    /// <summary>When the next step is due: ask again, give up, or forget.</summary>
    internal long Deadline { get; set; }
}
