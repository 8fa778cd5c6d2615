namespace ZMemif.Udp.Differential;

/// <summary><c>ReceiveMessageFrom</c> and what it tells about a datagram.</summary>
internal static class PacketInformationProbes
{
    private static readonly byte[] s_six = Bytes(6);

    public static Probe[] Rows { get; } =
    [
        new("O-001", "bound Any, sent to 127.0.0.1", b =>
        {
            Socket socket = b.Bound(IPAddress.Any);
            b.Fresh().SendTo(s_six, Loop(At(socket).Port));
            string first = Receive(socket);
            b.Fresh().SendTo(s_six, Loop(At(socket).Port));
            return $"first: \"{first}\" ; second: \"{Receive(socket)}\"";
        }),
        new("O-002", "bound Any, sent to 127.0.0.1", b => $"\"{SentTo(b, IPAddress.Loopback)}\""),
        new("O-003", "bound Any, sent to 127.0.0.7", b => $"\"{SentTo(b, IPAddress.Parse("127.0.0.7"))}\""),
        new("O-004", "source of a reply to 127.0.0.7", b =>
        {
            Socket socket = b.Bound(IPAddress.Parse("127.0.0.7"));
            b.Fresh().SendTo(s_six, At(socket));
            EndPoint from = Any;
            socket.ReceiveFrom(new byte[64], ref from);
            return Value(((IPEndPoint)from).Address);
        }),
        new("O-005", "GetSocketOption(PacketInformation)", b =>
        {
            (Socket socket, _) = b.Queued();
            Receive(socket);
            return Value(socket.GetSocketOption(SocketOptionLevel.IP, SocketOptionName.PacketInformation));
        }),
        new("O-006", "socketFlags in = Peek", b =>
        {
            (Socket socket, _) = b.Queued(6);
            var flags = SocketFlags.Peek;
            EndPoint from = Any;
            int received = socket.ReceiveMessageFrom(new byte[64], ref flags, ref from, out _);
            return $"{received} flagsOut={flags} avail={socket.Available}";
        }),
        new("O-007", "ReceiveMessageFrom null ep / null buffer / v6 ep",
            b => string.Join(" ; ", Refused(b, s_six, null!), Refused(b, null!, Any), Refused(b, s_six, V6))),
        new("O-008", "default(IPPacketInformation)", _ =>
        {
            IPPacketInformation information = default;
            return $"{Value(information.Address)} {information.Interface} hash={information.GetHashCode()}";
        }),
    ];

    private static string SentTo(Bench b, IPAddress address)
    {
        Socket socket = b.Bound(IPAddress.Any);
        socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.PacketInformation, true);
        b.Fresh().SendTo(s_six, new IPEndPoint(address, At(socket).Port));
        return Receive(socket);
    }

    private static string Receive(Socket socket)
    {
        var flags = SocketFlags.None;
        EndPoint from = Any;
        int received = socket.ReceiveMessageFrom(new byte[64], ref flags, ref from, out IPPacketInformation information);
        return $"n={received} flags={flags} pi={Name(information)} from={Name(from)}";
    }

    private static string Refused(Bench b, byte[] buffer, EndPoint from) => Try(() =>
    {
        var flags = SocketFlags.None;
        return b.Bound().ReceiveMessageFrom(buffer, 0, buffer?.Length ?? 0, ref flags, ref from, out _);
    });
}
