using System.Buffers.Binary;
using System.Net;

namespace ZMemif.Udp;

/// <summary>What every key alone, and all of them together, must obey.</summary>
internal static class MemifInterfaceOptionsRules
{
    private const int EthernetHeaderBytes = 14;

    /// <summary>Keys that describe the way to a peer, which a loopback does not have.</summary>
    private static readonly string[] PeerKeys = [
        "Socket", "Role", "Id", "Mode", "Mac", "Routes", "Neighbors", "Queues", "RingSize", "BufferSize", "Secret", "Poll", "ConnectTimeout", "Stall", "Shared", "Checksum",
        "Pcap", "Faults",
    ];

    /// <summary>Keys that are about station addresses.</summary>
    private static readonly string[] StationKeys = ["Mac", "Neighbors"];

    /// <returns>The first problem, or null.</returns>
    public static (string Key, string Message)? FindProblem(MemifInterfaceOptions options) =>
        BadValue(options) ?? SocketProblem(options) ?? AddressProblem(options)
        ?? GatewayProblem(options) ?? RouteProblem(options) ?? StationProblem(options) ?? GeometryProblem(options);

    private static (string Key, string Message)? BadValue(MemifInterfaceOptions options)
    {
        MemifConnectionStringKey? bad = MemifConnectionStringKeys.All.FirstOrDefault(key => !key.IsValid(options));
        return bad is null ? null : (bad.Name, bad.DescribeBad(bad.Write(options)!));
    }

    private static (string Key, string Message)? SocketProblem(MemifInterfaceOptions options)
    {
        if (options.Loopback)
        {
            return FirstSet(PeerKeys, options) is not { } key ? null
                : (key.Name, $"{key.Name} is given, but with Loopback=true there is no peer; leave one of the two out.");
        }

        return options.Socket is not null ? null
            : ("Socket", "Socket is missing: give the path of the memif control socket, for example Socket=/run/memif.sock, "
                + "or Loopback=true for an interface without a peer.");
    }

    private static (string Key, string Message)? AddressProblem(MemifInterfaceOptions options)
    {
        if (options.Address is null)
            return ("Address", "Address is missing: give the interface's own address and prefix length, for example Address=192.0.2.2/24.");
        return NotAHost(options.Address, options) is not { } why ? null
            : ("Address", $"Address={options.Address}/{options.PrefixLength} cannot be an interface's own address: it is {why}. "
                + "Use a host address of the peer's network, for example 192.0.2.2/24.");
    }

    private static (string Key, string Message)? GatewayProblem(MemifInterfaceOptions options) =>
        options.Gateway is null ? null : NeighborProblem("Gateway", options.Gateway, options);

    private static (string Key, string Message)? RouteProblem(MemifInterfaceOptions options) =>
        options.Routes.Values.Select(nextHop => NeighborProblem("Routes", nextHop, options)).FirstOrDefault(problem => problem is not null);

    /// <summary>Whoever packets are handed to has to be another host on the link.</summary>
    private static (string Key, string Message)? NeighborProblem(string key, IPAddress neighbor, MemifInterfaceOptions options)
    {
        string? why = neighbor.Equals(options.Address) ? "the interface's own address"
            : !IsInsidePrefix(neighbor, options) ? "outside the prefix of Address, so nobody could resolve it"
            : NotAHost(neighbor, options);
        return why is null ? null
            : (key, $"{key}={neighbor} cannot be a neighbor of Address={options.Address}/{options.PrefixLength}: "
                + $"it is {why}. Use another host of that prefix, or leave it out.");
    }

    private static (string Key, string Message)? StationProblem(MemifInterfaceOptions options)
    {
        if (options.Mode == MemifMode.Ip)
        {
            return FirstSet(StationKeys, options) is not { } key ? null
                : (key.Name, $"{key.Name} is given, but with Mode=Ip packets have no station addresses; leave one of the two out.");
        }

        return options.Neighbors.Keys.Select(neighbor => NeighborProblem("Neighbors", neighbor, options)).FirstOrDefault(problem => problem is not null);
    }

    private static (string Key, string Message)? GeometryProblem(MemifInterfaceOptions options)
    {
        long ringBytes = (long)options.RingSize * options.BufferSize;
        return options.Loopback || options.Mtu + EthernetHeaderBytes <= ringBytes ? null
            : ("RingSize", $"RingSize={options.RingSize} buffers of BufferSize={options.BufferSize} bytes do not hold one frame "
                + $"of Mtu={options.Mtu}: raise RingSize or BufferSize, or lower Mtu.");
    }

    private static string? NotAHost(IPAddress address, MemifInterfaceOptions options)
    {
        uint bits = Bits(address);
        uint hostMask = ~PrefixMask(options);
        if (bits == 0)
            return "the unspecified address";
        if (bits >> 24 == 127)
            return "a loopback address, and 127/8 is always local";
        if (bits >> 28 == 0xE)
            return "a multicast address";
        if (bits == uint.MaxValue)
            return "the limited broadcast address";
        if (options.PrefixLength >= 31) // RFC 3021: a point-to-point link has no network and no broadcast address
            return null;
        return (bits & hostMask) == 0 ? "the network address of its prefix"
            : (bits & hostMask) == hostMask ? "the broadcast address of its prefix"
            : null;
    }

    private static bool IsInsidePrefix(IPAddress address, MemifInterfaceOptions options) =>
        ((Bits(address) ^ Bits(options.Address!)) & PrefixMask(options)) == 0;

    private static uint PrefixMask(MemifInterfaceOptions options) => uint.MaxValue << (32 - options.PrefixLength);

    private static uint Bits(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[4];
        address.TryWriteBytes(bytes, out _);
        return BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }

    private static MemifConnectionStringKey? FirstSet(string[] names, MemifInterfaceOptions options) =>
        names.Select(name => MemifConnectionStringKeys.Find(name)!).FirstOrDefault(key => !key.IsDefault(options));
}
