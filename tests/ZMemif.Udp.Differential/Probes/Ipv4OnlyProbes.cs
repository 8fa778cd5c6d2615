namespace ZMemif.Udp.Differential;

/// <summary>A host without IPv6, as the runtime's switch models it.</summary>
internal static class Ipv4OnlyProbes
{
    public static Probe[] Rows { get; } =
    [
        new("W-001", "OSSupportsIPv6", _ => Value(Socket.OSSupportsIPv6)),
        new("W-002", "new UdpClient(InterNetworkV6)", b => Made(() => b.Keep(new UdpClient(AddressFamily.InterNetworkV6)))),
        new("W-003", "new UdpClient(0,InterNetworkV6)", b => Made(() => b.Keep(new UdpClient(0, AddressFamily.InterNetworkV6)))),
        new("W-004", "new UdpClient([::1]:0)", b => Made(() => b.Keep(new UdpClient(new IPEndPoint(IPAddress.IPv6Loopback, 0))))),
        new("W-005", "new UdpClient(\"::1\",9)", b => Made(() => b.Keep(new UdpClient("::1", 9)))),
        new("W-006", "new UdpClient(\"localhost\",9)", b => Try(() => b.Keep(new UdpClient("localhost", 9)).Client.AddressFamily.ToString())),
        new("W-007", "new Socket(Dgram,Udp)", b => Try(() =>
        {
            Socket socket = b.Keep(new Socket(SocketType.Dgram, ProtocolType.Udp));
            return $"{socket.AddressFamily} DualMode={socket.DualMode}";
        })),
        new("W-008", "new Socket(InterNetworkV6,Dgram,Udp)",
            b => Made(() => b.Keep(new Socket(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp)))),
    ];

    private static string Made(Func<object> construct) => Try(() => FullAlias(construct().GetType()));
}
