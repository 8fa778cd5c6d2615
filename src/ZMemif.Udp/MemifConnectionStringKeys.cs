using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Numerics;
using System.Text;
using static ZMemif.Udp.MemifConnectionStringKey;

namespace ZMemif.Udp;

/// <summary>The table of all connection string keys, one row each, in the order in which they are written.</summary>
internal static class MemifConnectionStringKeys
{
    /// <summary>Bytes of <c>sun_path</c> without its terminator, or without the NUL that begins an abstract name.</summary>
    private const int LongestSocketName = 107;

    private const int LongestSecret = 24;

    private const int LargestRing = 1 << 14;

    public static IReadOnlyList<MemifConnectionStringKey> All { get; } =
    [
        new()
        {
            Name = "Socket",
            Expected = "a path, or @name for an abstract socket, of at most 107 bytes",
            Example = "/run/memif.sock",
            TryRead = (options, text) => (options.Socket = text) is not null,
            Write = options => options.Socket,
            IsValid = options => options.Socket is null || IsSocketName(options.Socket),
        },
        Choice("Role", options => options.Role, (options, value) => options.Role = value),
        new()
        {
            Name = "Id",
            Expected = "a number from 0 to 4294967295",
            Example = "0",
            TryRead = TryReadId,
            Write = options => Text(options.Id),
            IsValid = _ => true,
        },
        new()
        {
            Name = "Address",
            Expected = "an IPv4 address and its prefix length, 1 to 32",
            Example = "192.0.2.2/24",
            TryRead = TryReadAddress,
            Write = options => options.Address is null ? null : $"{options.Address}/{Text(options.PrefixLength)}",
            IsValid = options => options.Address is null || (IsIPv4(options.Address) && options.PrefixLength is >= 1 and <= 32),
        },
        new()
        {
            Name = "Gateway",
            Expected = "an IPv4 address",
            Example = "192.0.2.1",
            TryRead = (options, text) => TryIPv4(text, out IPAddress? gateway) && (options.Gateway = gateway) is not null,
            Write = options => options.Gateway?.ToString(),
            IsValid = options => options.Gateway is null || IsIPv4(options.Gateway),
        },
        MemifConnectionStringPairs.Routes,
        new()
        {
            Name = "Mac",
            Expected = "a unicast MAC address of six bytes",
            Example = "02:00:00:00:00:01",
            TryRead = (options, text) => PhysicalAddress.TryParse(text, out PhysicalAddress? mac) && (options.Mac = mac) is not null,
            Write = options => options.Mac is null ? null : Format(options.Mac),
            IsValid = options => options.Mac is null || IsUnicast(options.Mac.GetAddressBytes()),
        },
        MemifConnectionStringPairs.Neighbors,
        Choice("Mode", options => options.Mode, (options, value) => options.Mode = value),
        Number("Mtu", 68, 65535, options => options.Mtu, (options, value) => options.Mtu = value),
        Number("Queues", 1, 255, options => options.Queues, (options, value) => options.Queues = value),
        new()
        {
            Name = "RingSize",
            Expected = "a power of two from 1 to 16384",
            Example = "1024",
            TryRead = (options, text) => TryNumber(text, out int size) && (options.RingSize = size) >= 0,
            Write = options => Text(options.RingSize),
            IsValid = options => BitOperations.IsPow2(options.RingSize) && options.RingSize <= LargestRing,
        },
        Number("BufferSize", 64, 65535, options => options.BufferSize, (options, value) => options.BufferSize = value),
        new()
        {
            Name = "Secret",
            Expected = "1 to 24 bytes of UTF-8 (23 toward peers written in C) without NUL",
            Example = "s3cret",
            IsSecret = true,
            TryRead = (options, text) => (options.Secret = text) is not null,
            Write = options => options.Secret,
            IsValid = options => options.Secret is null || IsText(options.Secret, LongestSecret),
        },
        Choice("Poll", options => options.Poll, (options, value) => options.Poll = value),
        Choice("Overflow", options => options.Overflow, (options, value) => options.Overflow = value),
        Duration("ConnectTimeout", options => options.ConnectTimeout, (options, value) => options.ConnectTimeout = value),
        Duration("Stall", options => options.Stall, (options, value) => options.Stall = value),
        new()
        {
            Name = "EphemeralPorts",
            Expected = "two ports from 1 to 65535, the first not above the last",
            Example = "32768-60999",
            TryRead = TryReadEphemeralPorts,
            Write = options => $"{Text(options.EphemeralPortFirst)}-{Text(options.EphemeralPortLast)}",
            IsValid = options => options.EphemeralPortFirst >= 1
                && options.EphemeralPortFirst <= options.EphemeralPortLast
                && options.EphemeralPortLast <= IPEndPoint.MaxPort,
        },
        Flag("Shared", options => options.Shared, (options, value) => options.Shared = value),
        Choice("Checksum", options => options.Checksum, (options, value) => options.Checksum = value),
        Flag("Loopback", options => options.Loopback, (options, value) => options.Loopback = value),
        new()
        {
            Name = "Pcap",
            Expected = "the path of a file",
            Example = "/tmp/frames.pcap",
            TryRead = (options, text) => (options.Pcap = text) is not null,
            Write = options => options.Pcap,
            IsValid = options => options.Pcap is null || IsText(options.Pcap, int.MaxValue),
        },
        new()
        {
            Name = "Faults",
            Expected = "loss, duplicate, reorder, corrupt or full with a probability, delay with a time, and seed with a number",
            Example = "loss:0.01,delay:2ms,seed:7",
            TryRead = TryReadFaults,
            Write = options => options.Faults?.ToString() is { Length: > 0 } faults ? faults : null,
            IsValid = options => options.Faults is null || MemifFaultsText.FindProblem(options.Faults) is null,
            Explain = text => MemifFaultsText.TryParse(text, out _),
        },
    ];

    public static MemifConnectionStringKey? Find(string name) =>
        All.FirstOrDefault(key => key.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static bool TryReadId(MemifInterfaceOptions options, string text)
    {
        bool parsed = uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint id);
        options.Id = id;
        return parsed;
    }

    private static bool TryReadAddress(MemifInterfaceOptions options, string text)
    {
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || !TryIPv4(text[..slash], out IPAddress? address) || !TryNumber(text.AsSpan(slash + 1), out int length))
            return false;
        (options.Address, options.PrefixLength) = (address, length);
        return true;
    }

    private static bool TryReadEphemeralPorts(MemifInterfaceOptions options, string text)
    {
        // A range is often pasted from prose, where it has an en dash.
        string[] ends = text.Split(['-', '\u2013'], StringSplitOptions.TrimEntries);
        if (ends.Length != 2 || !TryNumber(ends[0], out int first) || !TryNumber(ends[1], out int last))
            return false;
        (options.EphemeralPortFirst, options.EphemeralPortLast) = (first, last);
        return true;
    }

    private static bool TryReadFaults(MemifInterfaceOptions options, string text)
    {
        bool isGood = MemifFaultsText.TryParse(text, out MemifFaults faults) is null;
        options.Faults = faults;
        return isGood;
    }

    /// <summary>Four decimal numbers only: the framework also takes <c>1</c>, <c>0x7f.1</c>, and octal numbers.</summary>
    internal static bool TryIPv4(string text, out IPAddress? address) =>
        IPAddress.TryParse(text, out address) && IsIPv4(address) && address.ToString() == text;

    internal static bool IsIPv4(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork;

    private static bool IsSocketName(string name) =>
        IsText(name.StartsWith('@') ? name[1..] : name, LongestSocketName);

    private static bool IsText(string text, int longest) =>
        text.Length > 0 && !text.Contains('\0', StringComparison.Ordinal) && Encoding.UTF8.GetByteCount(text) <= longest;

    internal static bool IsUnicast(byte[] mac) => mac.Length == 6 && (mac[0] & 1) == 0 && mac.Any(octet => octet != 0);

    internal static string Format(PhysicalAddress mac) =>
        string.Join(':', mac.GetAddressBytes().Select(octet => octet.ToString("x2", CultureInfo.InvariantCulture)));
}
