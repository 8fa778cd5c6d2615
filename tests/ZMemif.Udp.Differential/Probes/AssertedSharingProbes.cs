namespace ZMemif.Udp.Differential;

/// <summary>What the framework's public tests assert about sharing a port, and about options: AE-025 to AE-047.</summary>
internal static class AssertedSharingProbes
{
    private const int SolSocket = 1;
    private const int SoReuseAddr = 2;

    public static Probe[] Rows { get; } =
    [
        new("AE-025", "bind sharing excl1=- reuse1=- reuse2=-", b => Share(b, null, null, null)),
        new("AE-026", "bind sharing excl1=- reuse1=- reuse2=False", b => Share(b, null, null, false)),
        new("AE-027", "bind sharing excl1=- reuse1=- reuse2=True", b => Share(b, null, null, true)),
        new("AE-028", "bind sharing excl1=- reuse1=False reuse2=False", b => Share(b, null, false, false)),
        new("AE-029", "bind sharing excl1=- reuse1=True reuse2=False", b => Share(b, null, true, false)),
        new("AE-030", "bind sharing excl1=- reuse1=True reuse2=True", b => Share(b, null, true, true)),
        new("AE-031", "bind sharing excl1=True reuse1=- reuse2=-", b => Share(b, true, null, null)),
        new("AE-032", "bind sharing excl1=True reuse1=- reuse2=True", b => Share(b, true, null, true)),
        new("AE-033", "bind sharing excl1=True reuse1=False reuse2=True", b => Share(b, true, false, true)),
        new("AE-034", "bind sharing excl1=True reuse1=True reuse2=True", b => Share(b, true, true, true)),
        new("AE-035", "bind sharing excl1=False reuse1=- reuse2=-", b => Share(b, false, null, null)),
        new("AE-036", "bind sharing excl1=False reuse1=- reuse2=True", b => Share(b, false, null, true)),
        new("AE-037", "bind sharing excl1=False reuse1=True reuse2=True", b => Share(b, false, true, true)),
        new("AE-038", "bind sharing excl1=False reuse1=False reuse2=True", b => Share(b, false, false, true)),
        new("AE-039", "raw SO_REUSEADDR=1 on first, ReuseAddress=true on second", b =>
        {
            Socket first = b.Fresh(), second = b.Fresh();
            first.SetRawSocketOption(SolSocket, SoReuseAddr, BitConverter.GetBytes(1));
            SetReuse(second, true);
            first.Bind(Any);
            return Bound(second, new IPEndPoint(IPAddress.Any, At(first).Port));
        }),
        new("AE-040", "GetSocketOption((-1),(-1)) on a connected socket",
            b => OnConnected(b, s => s.GetSocketOption((SocketOptionLevel)(-1), (SocketOptionName)(-1)))),
        new("AE-041", "SetSocketOption((-1),(-1),1) on a connected socket",
            b => OnConnected(b, s => s.SetSocketOption((SocketOptionLevel)(-1), (SocketOptionName)(-1), 1))),
        new("AE-042", "GetRawSocketOption(-1,-1) on a connected socket", b => OnConnected(b, s => s.GetRawSocketOption(-1, -1, new byte[4]))),
        new("AE-043", "SetRawSocketOption(-1,-1) on a connected socket", b => OnConnected(b, s => s.SetRawSocketOption(-1, -1, new byte[4]))),
        new("AE-044", "LingerState=new(true,-1)", b => Linger(b, -1)),
        new("AE-045", "LingerState=new(true,0)", b => Linger(b, 0)),
        new("AE-046", "LingerState=new(true,65535)", b => Linger(b, 65535)),
        new("AE-047", "LingerState=new(true,65536)", b => Linger(b, 65536)),
    ];

    private static string Share(Bench b, bool? firstExclusive, bool? firstReuse, bool? secondReuse)
    {
        Socket first = b.Fresh(), second = b.Fresh();
        if (firstExclusive is { } exclusive)
            first.ExclusiveAddressUse = exclusive;

        SetReuse(first, firstReuse);
        first.Bind(Loop(0));
        SetReuse(second, secondReuse);
        return Bound(second, At(first));
    }

    private static void SetReuse(Socket socket, bool? value)
    {
        if (value is { } reuse)
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, reuse);
    }

    private static string Bound(Socket socket, EndPoint endPoint) => Try(() =>
    {
        socket.Bind(endPoint);
        return "both bound";
    });

    private static string OnConnected(Bench b, Action<Socket> act)
    {
        Socket socket = b.Connected(b.Sink());
        return $"{Try(() => act(socket))} Conn={socket.Connected}";
    }

    private static string Linger(Bench b, int seconds) => Try(() =>
    {
        Socket socket = b.Fresh();
        socket.LingerState = new LingerOption(true, seconds);
        return $"ok read back {socket.LingerState!.LingerTime}";
    });
}
