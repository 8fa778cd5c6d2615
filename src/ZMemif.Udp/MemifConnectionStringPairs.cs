using System.Net;
using System.Net.NetworkInformation;

namespace ZMemif.Udp;

/// <summary>The keys whose value is a list of pairs, such as <c>198.51.100.0/24 via 192.0.2.9, 203.0.113.0/24 via 192.0.2.8</c>.</summary>
internal static class MemifConnectionStringPairs
{
    private delegate bool TryParse<T>(string text, out T? value);

    public static MemifConnectionStringKey Routes { get; } = Create<IPNetwork, IPAddress>(
        "Routes",
        "networks and the next hop of each, every network once",
        "198.51.100.0/24 via 192.0.2.9, 203.0.113.0/24 via 192.0.2.9",
        " via ",
        options => options.Routes,
        TryNetwork,
        MemifConnectionStringKeys.TryIPv4,
        network => network.ToString(),
        nextHop => nextHop.ToString(),
        (network, nextHop) => MemifConnectionStringKeys.IsIPv4(network.BaseAddress) && MemifConnectionStringKeys.IsIPv4(nextHop));

    public static MemifConnectionStringKey Neighbors { get; } = Create<IPAddress, PhysicalAddress>(
        "Neighbors",
        "IPv4 addresses and the unicast MAC address of each, every address once",
        "192.0.2.9 at 02:00:00:00:00:09",
        " at ",
        options => options.Neighbors,
        MemifConnectionStringKeys.TryIPv4,
        PhysicalAddress.TryParse,
        address => address.ToString(),
        MemifConnectionStringKeys.Format,
        (address, mac) => MemifConnectionStringKeys.IsIPv4(address) && MemifConnectionStringKeys.IsUnicast(mac.GetAddressBytes()));

    private static MemifConnectionStringKey Create<TKey, TValue>(
        string name,
        string expected,
        string example,
        string word,
        Func<MemifInterfaceOptions, IDictionary<TKey, TValue>> get,
        TryParse<TKey> tryKey,
        TryParse<TValue> tryValue,
        Func<TKey, string> writeKey,
        Func<TValue, string> writeValue,
        Func<TKey, TValue, bool> isValid)
        where TKey : notnull => new()
        {
            Name = name,
            Expected = expected,
            Example = example,
            TryRead = (options, text) => Array.TrueForAll(
                text.Split(',', StringSplitOptions.TrimEntries),
                pair => pair.Split(word, StringSplitOptions.TrimEntries) is [var left, var right]
                    && tryKey(left, out TKey? key) && tryValue(right, out TValue? value) && get(options).TryAdd(key!, value!)),
            Write = options => get(options).Count == 0 ? null
                : string.Join(", ", get(options).Select(pair => writeKey(pair.Key) + word + writeValue(pair.Value))),
            IsValid = options => get(options).All(pair => isValid(pair.Key, pair.Value)),
        };

    // The framework also takes addresses such as 1, 0x7f.1, and octal numbers.
    private static bool TryNetwork(string text, out IPNetwork network)
    {
        bool isNetwork = IPNetwork.TryParse(text, out network);
        return isNetwork && network.ToString() == text;
    }
}
