using System.Buffers.Binary;

namespace ZMemif.Udp.Differential;

/// <summary>Multicast through socket options: H2-023 to H2-043.</summary>
internal static class MulticastOptionProbes
{
    private static readonly byte[] s_five = Bytes(5);
    private static readonly byte[] s_loopback = IPAddress.Loopback.GetAddressBytes();
    private static readonly IPAddress s_group = IPAddress.Parse("239.1.2.3");

    public static Probe[] Rows { get; } =
    [
        new("H2-023", "MulticastOption(g, ifindex 1)", b => AvailableAfter(b, SocketOptionName.AddMembership, new MulticastOption(s_group, 1))),
        new("H2-024", "MulticastOption(g, ifindex 999)", b => AvailableAfter(b, SocketOptionName.AddMembership, new MulticastOption(s_group, 999))),
        new("H2-025", "GetSocketOption(AddMembership)",
            b => Try(() => b.Fresh().GetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddMembership))),
        new("H2-026", "AddMembership wrong object", b => AvailableAfter(b, SocketOptionName.AddMembership, new object())),
        new("H2-027", "AddMembership IPv6MulticastOption on IP level",
            b => AvailableAfter(b, SocketOptionName.AddMembership, new IPv6MulticastOption(IPAddress.Parse("ff02::1")))),
        new("H2-028", "AddMembership via byte[8] (group+iface)", b =>
        {
            Socket socket = b.Bound(IPAddress.Any);
            socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddMembership, [.. s_group.GetAddressBytes(), .. s_loopback]);
            MulticastProbes.Send(b, At(socket).Port);
            return Value(socket.Available);
        }),
        new("H2-029", "MulticastInterface = HostToNetworkOrder(1)",
            b => Interface(b, s => s.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, Index(1)))),
        new("H2-030", "MulticastInterface = byte[4] 127.0.0.1",
            b => Interface(b, s => s.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, s_loopback))),
        new("H2-031", "MulticastInterface = HostToNetworkOrder(31415)",
            b => Interface(b, s => s.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, Index(31415)))),
        new("H2-032", "MulticastInterface = byte[4] 10.9.9.9",
            b => Interface(b, s => s.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, (byte[])[10, 9, 9, 9]))),
        new("H2-033", "MulticastInterface default", b => Interface(b, _ => { })),
        new("H2-034", "MulticastTimeToLive default / 0 / 255 / 256 / -1", b =>
        {
            Socket socket = b.Fresh();
            return string.Join(" ; ", [Value(TimeToLive(socket)), .. ((int[])[0, 255, 256, -1]).Select(ttl => $"{ttl}→{SetTimeToLive(socket, ttl)}")]);
        }),
        new("H2-035", "AddSourceMembership byte[12]", b =>
        {
            Socket socket = b.Bound(IPAddress.Any);
            socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddSourceMembership, [.. s_group.GetAddressBytes(), .. s_loopback, .. s_loopback]);
            b.Bound().SendTo(s_five, new IPEndPoint(s_group, At(socket).Port));
            return Try(() => socket.Receive(new byte[64]));
        }),
        new("H2-036", "AddSourceMembership MulticastOption obj",
            b => AvailableAfter(b, SocketOptionName.AddSourceMembership, new MulticastOption(s_group))),
        new("H2-037", "BlockSource byte[12]", b =>
        {
            Socket socket = b.Bound(IPAddress.Any);
            socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddMembership, new MulticastOption(s_group, IPAddress.Loopback));
            socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.BlockSource, [.. s_group.GetAddressBytes(), .. s_loopback, .. s_loopback]);
            b.Bound().SendTo(s_five, new IPEndPoint(s_group, At(socket).Port));
            return $"received={socket.Available}";
        }),
        new("H2-038", "MulticastOption ctor null group", _ => Try(() => new MulticastOption(null!))),
        new("H2-039", "MulticastOption ctor ifindex -1", _ => Try(() => new MulticastOption(s_group, -1))),
        new("H2-040", "MulticastOption ctor ifindex 0x1000000", _ => Try(() => new MulticastOption(s_group, 0x1000000))),
        new("H2-041", "MulticastOption LocalAddress/InterfaceIndex coupling", _ =>
        {
            var option = new MulticastOption(s_group, 3);
            string byIndex = Parts(option);
            option.LocalAddress = IPAddress.Loopback;
            string byAddress = Parts(option);
            option.InterfaceIndex = 2;
            return $"{byIndex} ; {byAddress} ; {Parts(option)}";
        }),
        new("H2-042", "Multicast source address", b =>
        {
            Socket socket = b.Bound(IPAddress.Any);
            socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddMembership, new MulticastOption(s_group));
            MulticastProbes.Send(b, At(socket).Port);
            EndPoint from = Any;
            socket.ReceiveFrom(new byte[64], ref from);
            return Value(((IPEndPoint)from).Address);
        }),
        new("H2-043", "ReceiveMessageFrom for multicast/broadcast", b =>
        {
            Socket multicast = b.Bound(IPAddress.Any), broadcast = b.Bound(IPAddress.Any);
            multicast.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddMembership, new MulticastOption(s_group));
            string both = "";
            foreach ((Socket socket, string address) in new[] { (multicast, "239.1.2.3"), (broadcast, "127.255.255.255") })
            {
                socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.PacketInformation, true);
                Socket sender = b.Fresh();
                sender.EnableBroadcast = true;
                sender.SendTo(s_five, new IPEndPoint(IPAddress.Parse(address), At(socket).Port));
                var flags = SocketFlags.None;
                EndPoint from = Any;
                socket.ReceiveMessageFrom(new byte[64], ref flags, ref from, out IPPacketInformation information);
                both += $"flags={flags} pi={Name(information)} ; ";
            }

            return both.TrimEnd();
        }),
    ];

    /// <summary>An interface index as the option wants it: in network order.</summary>
    public static int Index(int index) => BinaryPrimitives.ReverseEndianness(index);

    private static string AvailableAfter(Bench b, SocketOptionName name, object value) => Try(() =>
    {
        Socket socket = b.Bound(IPAddress.Any);
        socket.SetSocketOption(SocketOptionLevel.IP, name, value);
        return socket.Available;
    });

    private static string Interface(Bench b, Action<Socket> set) => Try(() =>
    {
        Socket socket = b.Fresh();
        set(socket);
        return socket.GetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface);
    });

    private static object? TimeToLive(Socket socket) => socket.GetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastTimeToLive);

    private static string SetTimeToLive(Socket socket, int value) => Try(() =>
    {
        socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastTimeToLive, value);
        return $"\"{TimeToLive(socket)}\"";
    });

    private static string Parts(MulticastOption option) => $"{Value(option.LocalAddress)}/{option.InterfaceIndex}";
}
