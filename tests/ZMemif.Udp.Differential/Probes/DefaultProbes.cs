namespace ZMemif.Udp.Differential;

/// <summary>What the properties of a fresh datagram socket say.</summary>
internal static class DefaultProbes
{
    private const int SolSocket = 1;
    private const int SoReuseAddr = 2;
    private const int SoReusePort = 15;
    private const int IpPktInfo = 8;
    private const int IpMtuDiscover = 10;
    private const int IpRecvErr = 11;

    public static Probe[] Rows { get; } =
    [
        new("B-001", "UdpClient.Available", b => Try(() => b.Client().Available)),
        new("B-002", "UdpClient.Ttl", b => Try(() => b.Client().Ttl)),
        new("B-003", "UdpClient.DontFragment", b => Try(() => b.Client().DontFragment)),
        new("B-004", "UdpClient.MulticastLoopback", b => Try(() => b.Client().MulticastLoopback)),
        new("B-005", "UdpClient.EnableBroadcast", b => Try(() => b.Client().EnableBroadcast)),
        new("B-006", "UdpClient.ExclusiveAddressUse", b => Try(() => b.Client().ExclusiveAddressUse)),
        new("B-007", "ReceiveBufferSize", b => Try(() => b.Fresh().ReceiveBufferSize)),
        new("B-008", "SendBufferSize", b => Try(() => b.Fresh().SendBufferSize)),
        new("B-009", "ReceiveTimeout", b => Try(() => b.Fresh().ReceiveTimeout)),
        new("B-010", "SendTimeout", b => Try(() => b.Fresh().SendTimeout)),
        new("B-011", "Blocking", b => Try(() => b.Fresh().Blocking)),
        new("B-012", "Connected", b => Try(() => b.Fresh().Connected)),
        new("B-013", "IsBound", b => Try(() => b.Fresh().IsBound)),
        new("B-014", "LocalEndPoint", b => Try(() => b.Fresh().LocalEndPoint)),
        new("B-015", "RemoteEndPoint", b => Try(() => b.Fresh().RemoteEndPoint)),
        new("B-016", "LingerState", b => Try(() => b.Fresh().LingerState)),
        new("B-017", "NoDelay", b => Try(() => b.Fresh().NoDelay)),
        new("B-018", "DualMode", b => Try(() => b.Fresh().DualMode)),
        new("B-019", "UseOnlyOverlappedIO", b => Try(() => b.Fresh().UseOnlyOverlappedIO)),
        new("B-020", "Handle>0", b => Try(() => b.Fresh().Handle > 0)),
        new("B-021", "SafeHandle", b =>
        {
            SafeSocketHandle handle = b.Fresh().SafeHandle;
            return $"{handle.IsInvalid} closed={handle.IsClosed}";
        }),
        new("B-022", "raw IP_MTU_DISCOVER (0,10)", b => Try(() => Raw(b.Fresh(), 0, IpMtuDiscover))),
        new("B-023", "raw IP_MTU_DISCOVER", b => AfterDontFragment(b.Fresh(), true)),
        new("B-024", "raw IP_MTU_DISCOVER", b => AfterDontFragment(b.Fresh(), false)),
        new("B-025", "raw SO_REUSEADDR/SO_REUSEPORT", b => Reuse(b.Fresh())),
        new("B-026", "raw SO_REUSEADDR/SO_REUSEPORT", b =>
        {
            Socket socket = b.Fresh();
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            return Reuse(socket);
        }),
        new("B-027", "raw IP_RECVERR (0,11)", b => Try(() => Raw(b.Fresh(), 0, IpRecvErr))),
        new("B-028", "raw IP_PKTINFO (0,8)", b =>
        {
            Socket socket = b.Fresh();
            int fresh = Raw(socket, 0, IpPktInfo);
            socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.PacketInformation, true);
            int afterOption = Raw(socket, 0, IpPktInfo);

            (Socket receiver, _) = b.Queued();
            var flags = SocketFlags.None;
            EndPoint remote = Any;
            receiver.ReceiveMessageFrom(new byte[64], ref flags, ref remote, out _);
            return $"{fresh}/{afterOption}/{Raw(receiver, 0, IpPktInfo)}";
        }),
        new("B-029", "static OSSupportsIPv4/6/Unix", _ => $"{Socket.OSSupportsIPv4}/{Socket.OSSupportsIPv6}/{Socket.OSSupportsUnixDomainSockets}"),
    ];

    private static int Raw(Socket socket, int level, int name)
    {
        byte[] value = new byte[4];
        socket.GetRawSocketOption(level, name, value);
        return BitConverter.ToInt32(value);
    }

    private static string AfterDontFragment(Socket socket, bool value)
    {
        socket.DontFragment = value;
        return $"{Raw(socket, 0, IpMtuDiscover)} get={socket.DontFragment}";
    }

    private static string Reuse(Socket socket) => $"{Raw(socket, SolSocket, SoReuseAddr)}/{Raw(socket, SolSocket, SoReusePort)}";
}
