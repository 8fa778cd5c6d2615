namespace ZMemif.Udp.Wire;

/// <summary>What <see cref="Ipv4Packet.WriteHeader"/> needs to know; the rest of the header follows from it.</summary>
internal readonly record struct Ipv4HeaderFields
{
    /// <summary>Header and payload, in bytes.</summary>
    public required ushort TotalLength { get; init; }

    public ushort Identification { get; init; }

    public bool DontFragment { get; init; }

    public bool MoreFragments { get; init; }

    /// <summary>Where this fragment begins in the whole payload, in bytes; a multiple of 8 below 65536.</summary>
    public int FragmentOffset { get; init; }

    public required byte TimeToLive { get; init; }

    public byte TypeOfService { get; init; }

    public required IpProtocol Protocol { get; init; }

    public required Ipv4Address Source { get; init; }

    public required Ipv4Address Destination { get; init; }
}
