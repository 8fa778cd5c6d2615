namespace ZMemif.Udp.Differential;

/// <summary>Multicast on an interface that does not loop by nature, so that <c>MulticastLoopback</c> shows.</summary>
internal static class SecondInterfaceProbes
{
    private static readonly byte[] s_five = Bytes(5);
    private static readonly IPAddress s_group = IPAddress.Parse("239.1.2.3");

    public static Probe[] Rows { get; } =
    [
        new("V-001", "MulticastLoopback default (true)", b => Value(Delivered(b, (_, _) => { }))),
        new("V-002", "MulticastLoopback=false on sender", b => Value(Delivered(b, (sender, _) => sender.MulticastLoopback = false))),
        new("V-003", "MulticastLoopback=false on receiver", b => Value(Delivered(b, (_, receiver) => receiver.MulticastLoopback = false))),
        new("V-004", "sender's own socket joined", b => $"{ToItself(b, loop: true)}/{ToItself(b, loop: false)}"),
        new("V-005", "GetSocketOption(MulticastInterface)", b => Try(() =>
        {
            Socket socket = b.Fresh();
            socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, MulticastOptionProbes.Index(b.Host.SecondIndex));
            return socket.GetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface);
        })),
        new("V-006", "MulticastTimeToLive=0", b => Value(Delivered(b, (sender, _) =>
            sender.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastTimeToLive, 0)))),
        // The kernel refuses to send out of an interface from an address in 127/8.
        new("V-007", "AddSourceMembership byte[12] (group,iface,source)", b => Try(() =>
        {
            byte[] address = b.Host.SecondAddress.GetAddressBytes();
            Socket receiver = b.Bound(IPAddress.Any);
            receiver.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddSourceMembership, [.. s_group.GetAddressBytes(), .. address, .. address]);
            b.Bound(b.Host.SecondAddress).SendTo(s_five, Group(receiver));
            int allowed = receiver.Available;
            b.Fresh().SendTo(s_five, Group(receiver));
            return $"{allowed}/{receiver.Available}";
        })),
        new("V-008", "multicast source address", b =>
        {
            Socket receiver = Joined(b);
            b.Fresh().SendTo(s_five, Group(receiver));
            EndPoint from = Any;
            receiver.ReceiveFrom(new byte[64], ref from);
            return Value(((IPEndPoint)from).Address);
        }),
        new("V-009", "packet info for looped multicast", b =>
        {
            Socket receiver = Joined(b);
            receiver.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.PacketInformation, true);
            b.Fresh().SendTo(s_five, Group(receiver));
            var flags = SocketFlags.None;
            EndPoint from = Any;
            receiver.ReceiveMessageFrom(new byte[64], ref flags, ref from, out IPPacketInformation information);
            return $"{information.Address} if==d0 {information.Interface == b.Host.SecondIndex} flags={flags}";
        }),
        new("V-010", "Connect(group) then Send; replies filtered", b =>
        {
            Socket socket = b.Connected(new IPEndPoint(s_group, 5555));
            socket.Send(s_five);
            return State(socket);
        }),
    ];

    private static IPEndPoint Group(Socket receiver) => new(s_group, At(receiver).Port);

    private static Socket Joined(Bench b)
    {
        Socket socket = b.Bound(IPAddress.Any);
        socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddMembership, new MulticastOption(s_group, b.Host.SecondAddress));
        return socket;
    }

    private static int Delivered(Bench b, Action<Socket, Socket> prepare)
    {
        Socket receiver = Joined(b), sender = b.Fresh();
        prepare(sender, receiver);
        sender.SendTo(s_five, Group(receiver));
        return receiver.Available;
    }

    private static int ToItself(Bench b, bool loop)
    {
        Socket socket = Joined(b);
        socket.MulticastLoopback = loop;
        socket.SendTo(s_five, Group(socket));
        return socket.Available;
    }
}
