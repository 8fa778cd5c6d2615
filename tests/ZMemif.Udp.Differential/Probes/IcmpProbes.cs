namespace ZMemif.Udp.Differential;

/// <summary>What each ICMP error does to a socket. The port that it tells of is open, so that no true error comes between.</summary>
internal static class IcmpProbes
{
    private const byte Unreachable = 3;
    private const byte FragmentationNeeded = 4;
    private const ushort NextHopMtu = 1000;

    private static readonly byte[] s_three = Bytes(3);

    public static Probe[] Rows { get; } =
    [
        new("AB-001", "type 3 code 0", b => AllThree(b, 3, 0)),
        new("AB-002", "type 3 code 1", b => AllThree(b, 3, 1)),
        new("AB-003", "type 3 code 2", b => AllThree(b, 3, 2)),
        new("AB-004", "type 3 code 3", b => AllThree(b, 3, 3)),
        new("AB-005", "type 3 code 4", b => AllThree(b, 3, 4)),
        new("AB-006", "type 3 code 5", b => AllThree(b, 3, 5)),
        new("AB-007", "type 3 code 6", b => AllThree(b, 3, 6)),
        new("AB-008", "type 3 code 7", b => AllThree(b, 3, 7)),
        new("AB-009", "type 3 code 8", b => AllThree(b, 3, 8)),
        new("AB-010", "type 3 code 9", b => AllThree(b, 3, 9)),
        new("AB-011", "type 3 code 10", b => AllThree(b, 3, 10)),
        new("AB-012", "type 3 code 11", b => AllThree(b, 3, 11)),
        new("AB-013", "type 3 code 12", b => AllThree(b, 3, 12)),
        new("AB-014", "type 3 code 13", b => AllThree(b, 3, 13)),
        new("AB-015", "type 3 code 14", b => AllThree(b, 3, 14)),
        new("AB-016", "type 3 code 15", b => AllThree(b, 3, 15)),
        new("AB-017", "type 11 code 0", b => AllThree(b, 11, 0)),
        new("AB-018", "type 11 code 1", b => AllThree(b, 11, 1)),
        new("AB-019", "type 12 code 0", b => AllThree(b, 12, 0)),
        new("AB-020", "type 4 code 0", b => AllThree(b, 4, 0)),
        new("AB-021", "type 5 code 1", b => AllThree(b, 5, 1)),
        new("AB-022", "type 3 code 4 (frag needed, mtu 1000)", b => SmallerMtu(b, dontFragment: null)),
        new("AB-023", "type 3 code 4 (frag needed, mtu 1000)", b => SmallerMtu(b, dontFragment: true)),
        new("AB-024", "type 3 code 4 (frag needed, mtu 1000)", b => SmallerMtu(b, dontFragment: false)),
    ];

    /// <summary>A connected socket, one that is not, and one that is not but asked for errors.</summary>
    private static string AllThree(Bench b, byte type, byte code)
    {
        IPAddress own = b.Host.OwnAddress;
        IPEndPoint sink = At(b.Bound(own));
        Socket connected = b.Connected(sink), unconnected = b.Bound(own), asking = b.Bound(own);
        asking.SetRawSocketOption(0, 11, BitConverter.GetBytes(1));

        Inject(connected);
        int error = (int)connected.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
        Inject(connected);
        string send = Try(() => connected.Send(s_three));
        Inject(unconnected);
        Inject(asking);
        return $"SO_ERROR={error}({(SocketError)error}) || {send} || {Try(() => unconnected.SendTo(s_three, sink))} || {Try(() => asking.SendTo(s_three, sink))}";

        void Inject(Socket about)
        {
            if (about.Connected)
                about.Send(s_three);
            else
                about.SendTo(s_three, sink);

            b.Host.InjectIcmp(type, code, At(about), sink, type == Unreachable && code == FragmentationNeeded ? NextHopMtu : (ushort)0);
        }
    }

    private static string SmallerMtu(Bench b, bool? dontFragment)
    {
        IPEndPoint sink = At(b.Bound(b.Host.OwnAddress));
        Socket socket = b.Connected(sink);
        if (dontFragment is { } value)
            socket.DontFragment = value;

        b.Host.InjectIcmp(Unreachable, FragmentationNeeded, At(socket), sink, NextHopMtu);
        return $"next Send(3)={Try(() => socket.Send(s_three))} Send(3)={Try(() => socket.Send(s_three))} Send(1400)={Try(() => socket.Send(new byte[1400]))}";
    }
}
