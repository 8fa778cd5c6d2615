using System.Buffers.Binary;
using System.Net;

namespace ZMemif.Udp;

/// <summary>What every key alone, and all of them together, must obey.</summary>
internal static class MemifInterfaceOptionsRules
{
    private const int EthernetHeaderBytes = 14;

    /// <summary>Keys that only have their default yet: a value without effect is refused, not ignored.</summary>
    private static readonly string[] NotYetSupported = ["Mode", "Shared", "Checksum"];

    /// <summary>Keys that describe the way to a peer, which a loopback does not have.</summary>
    private static readonly string[] PeerKeys = ["Socket", "Role", "Id", "Queues", "RingSize", "BufferSize", "Secret", "Pcap", "Faults"];

    /// <returns>The first problem, or null.</returns>
    public static (string Key, string Message)? FindProblem(MemifInterfaceOptions options) =>
        BadValue(options) ?? Unsupported(options) ?? SocketProblem(options) ?? AddressProblem(options)
        ?? GatewayProblem(options) ?? GeometryProblem(options);

    private static (string Key, string Message)? BadValue(MemifInterfaceOptions options)
    {
        MemifConnectionStringKey? bad = MemifConnectionStringKeys.All.FirstOrDefault(key => !key.IsValid(options));
        return bad is null ? null : (bad.Name, bad.DescribeBad(bad.Write(options)!));
    }

    private static (string Key, string Message)? Unsupported(MemifInterfaceOptions options) =>
        FirstSet(NotYetSupported, options) is not { } key ? null
            : (key.Name, $"{key.Name}={key.Write(options)} is not supported yet; {LeaveOut(key)}.");

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

    private static (string Key, string Message)? GatewayProblem(MemifInterfaceOptions options)
    {
        if (options.Gateway is null)
            return null;
        string? why = options.Gateway.Equals(options.Address) ? "the interface's own address"
            : !IsInsidePrefix(options.Gateway, options) ? "outside the prefix of Address, so nobody could resolve it"
            : NotAHost(options.Gateway, options);
        return why is null ? null
            : ("Gateway", $"Gateway={options.Gateway} cannot be the next hop of Address={options.Address}/{options.PrefixLength}: "
                + $"it is {why}. Use another host of that prefix, or leave Gateway out.");
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

    private static string LeaveOut(MemifConnectionStringKey key) =>
        key.Default is { } value ? $"leave {key.Name} out, or use the default, {value}" : $"leave {key.Name} out";
}
