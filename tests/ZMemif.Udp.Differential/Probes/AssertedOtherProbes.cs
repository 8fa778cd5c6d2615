namespace ZMemif.Udp.Differential;

/// <summary>What else the framework's public tests assert: AE-068 to AE-078.</summary>
internal static class AssertedOtherProbes
{
    private const int SolSocket = 1;
    private const int SoRcvBuf = 8;

    public static Probe[] Rows { get; } =
    [
        new("AE-068", "multicast self-delivery: auto-bound by SendTo(group1), joined group2 with ifindex 0", b =>
        {
            IPAddress first = IPAddress.Parse("239.1.2.5"), second = IPAddress.Parse("239.1.2.6");
            Socket socket = b.Fresh();
            socket.SendTo(Bytes(1), new IPEndPoint(first, 9));
            socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddMembership, new MulticastOption(second, 0));
            Task<int> receiving = socket.ReceiveAsync(new ArraySegment<byte>(new byte[64]), SocketFlags.None);
            b.Fresh().SendTo(Bytes(5), new IPEndPoint(second, At(socket).Port));
            return Try(() => receiving);
        }),
        new("AE-069", "GetSocketOption(AddMembership)", b =>
        {
            Socket socket = b.Fresh();
            socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddMembership, new MulticastOption(IPAddress.Parse("239.1.2.3")));
            return Try(() => socket.GetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddMembership));
        }),
        new("AE-070", "SetIPProtectionLevel(Unrestricted)", b => Try(() => b.Fresh().SetIPProtectionLevel(IPProtectionLevel.Unrestricted))),
        new("AE-071", "SetIPProtectionLevel(Unspecified)", b => Try(() => b.Fresh().SetIPProtectionLevel(IPProtectionLevel.Unspecified))),
        new("AE-072", "raw SO_RCVBUF=8192", b =>
        {
            Socket socket = b.Fresh();
            byte[] value = new byte[4];
            socket.SetRawSocketOption(SolSocket, SoRcvBuf, BitConverter.GetBytes(8192));
            return $"{socket.GetRawSocketOption(SolSocket, SoRcvBuf, value)} bytes {BitConverter.ToInt32(value)} / {socket.ReceiveBufferSize}";
        }),
        new("AE-073", "LocalEndPoint twice", b =>
        {
            Socket socket = b.Bound();
            return Value(ReferenceEquals(socket.LocalEndPoint, socket.LocalEndPoint));
        }),
        new("AE-074", "RemoteEndPoint twice", b =>
        {
            Socket socket = b.Connected(b.Sink());
            return Value(ReferenceEquals(socket.RemoteEndPoint, socket.RemoteEndPoint));
        }),
        new("AE-075", "UdpClient.Client = null, read, restore", b =>
        {
            DUdp client = b.Client();
            Socket original = client.Client;
            client.Client = null!;
            bool gone = client.Client is null;
            client.Client = original;
            return $"{gone} restored={ReferenceEquals(client.Client, original)}";
        }),
        new("AE-076", "InterNetwork + Dgram + Tcp / Rdm+Udp / Unknown+Udp", b => string.Join(
            " ; ",
            Made(b, SocketType.Dgram, ProtocolType.Tcp),
            Made(b, SocketType.Rdm, ProtocolType.Udp),
            Made(b, SocketType.Unknown, ProtocolType.Udp))),
        new("AE-077", "new Socket((SafeSocketHandle)null) / invalid handle",
            b => $"{FromHandle(b, null!)} ; {FromHandle(b, new SafeSocketHandle())}"),
        new("AE-078", "SendPacketsAsync(null) / no elements / not connected", b => string.Join(
            " ; ",
            Try(() => b.Connected(b.Sink()).SendPacketsAsync(null!)),
            SendPackets(b, b.Connected(b.Sink()), null),
            SendPackets(b, b.Fresh(), [new SendPacketsElement(Bytes(4))]))),
    ];

    private static string Made(Bench b, SocketType type, ProtocolType protocol) => Try(() => b.Keep(new Socket(AddressFamily.InterNetwork, type, protocol)));

    private static string FromHandle(Bench b, SafeSocketHandle handle) => Try(() => b.Keep(new Socket(handle)));

    private static string SendPackets(Bench b, Socket socket, SendPacketsElement[]? elements)
    {
        SocketAsyncEventArgs e = new EventArgsOperation(b, null).Args;
        e.SendPacketsElements = elements;
        return Try(() => socket.SendPacketsAsync(e));
    }
}
