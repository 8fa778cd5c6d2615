namespace ZMemif.Udp.Differential;

/// <summary>What the setters of a datagram socket accept, and what is read back.</summary>
internal static class SetterProbes
{
    public static Probe[] Rows { get; } =
    [
        new("B2-001", "ReceiveBufferSize=0", ReceiveBufferSize(0)),
        new("B2-002", "ReceiveBufferSize=1", ReceiveBufferSize(1)),
        new("B2-003", "ReceiveBufferSize=1024", ReceiveBufferSize(1024)),
        new("B2-004", "ReceiveBufferSize=2048", ReceiveBufferSize(2048)),
        new("B2-005", "ReceiveBufferSize=65536", ReceiveBufferSize(65536)),
        new("B2-006", "ReceiveBufferSize=212992", ReceiveBufferSize(212992)),
        new("B2-007", "ReceiveBufferSize=1000000", ReceiveBufferSize(1_000_000)),
        new("B2-008", "ReceiveBufferSize=4194304", ReceiveBufferSize(4_194_304)),
        new("B2-009", "ReceiveBufferSize=50000000", ReceiveBufferSize(50_000_000)),
        new("B2-010", "ReceiveBufferSize=2147483647", ReceiveBufferSize(int.MaxValue)),
        new("B2-011", "SendBufferSize=0", SendBufferSize(0)),
        new("B2-012", "SendBufferSize=1", SendBufferSize(1)),
        new("B2-013", "SendBufferSize=4096", SendBufferSize(4096)),
        new("B2-014", "SendBufferSize=65536", SendBufferSize(65536)),
        new("B2-015", "SendBufferSize=1000000", SendBufferSize(1_000_000)),
        new("B2-016", "SendBufferSize=50000000", SendBufferSize(50_000_000)),
        new("B2-017", "ReceiveBufferSize=-1", ReceiveBufferSize(-1)),
        new("B2-018", "SendBufferSize=-1", SendBufferSize(-1)),
        new("B2-019", "SetSocketOption(Socket,ReceiveBuffer,-1)",
            b => Value(Get(Set(b.Fresh(), SocketOptionName.ReceiveBuffer, -1), SocketOptionName.ReceiveBuffer))),
        new("B2-020", "Ttl=0", Ttl(0)),
        new("B2-021", "Ttl=1", Ttl(1)),
        new("B2-022", "Ttl=255", Ttl(255)),
        new("B2-023", "Ttl=256", Ttl(256)),
        new("B2-024", "Ttl=-1", Ttl(-1)),
        new("B2-025", "ReceiveTimeout=-2", ReceiveTimeout(-2)),
        new("B2-026", "ReceiveTimeout=-1", ReceiveTimeout(-1)),
        new("B2-027", "ReceiveTimeout=0", ReceiveTimeout(0)),
        new("B2-028", "ReceiveTimeout=1", ReceiveTimeout(1)),
        new("B2-029", "ReceiveTimeout=100", ReceiveTimeout(100)),
        new("B2-030", "ReceiveTimeout=2147483647", ReceiveTimeout(int.MaxValue)),
        new("B2-031", "SendTimeout=-2", SendTimeout(-2)),
        new("B2-032", "SendTimeout=-1", SendTimeout(-1)),
        new("B2-033", "SendTimeout=0", SendTimeout(0)),
        new("B2-034", "SendTimeout=1", SendTimeout(1)),
        new("B2-035", "SendTimeout=499", SendTimeout(499)),
        new("B2-036", "SendTimeout=500", SendTimeout(500)),
        new("B2-037", "NoDelay=true", b => Try(() => b.Fresh().NoDelay = true)),
        new("B2-038", "LingerState=(true,1)", b => ReadBack(b.Fresh(), s => s.LingerState = new LingerOption(true, 1), s => s.LingerState)),
        new("B2-039", "LingerState=null", b => Try(() => b.Fresh().LingerState = null!)),
        new("B2-040", "UseOnlyOverlappedIO=true", b => ReadBack(b.Fresh(), s => s.UseOnlyOverlappedIO = true, s => s.UseOnlyOverlappedIO)),
        new("B2-041", "DualMode get/set", b => $"{b.Fresh().DualMode} ; {Try(() => b.Fresh().DualMode = true)}"),
        new("B2-042", "ExclusiveAddressUse=false then read", b => ReadBack(
            b.Fresh(),
            s => s.ExclusiveAddressUse = false,
            s => $"{s.ExclusiveAddressUse} reuse={Get(s, SocketOptionName.ReuseAddress)}")),
        new("B2-043", "ExclusiveAddressUse=true", b => Try(() => b.Bound().ExclusiveAddressUse = true)),
        new("B2-044", "ExclusiveAddressUse=false", b => Try(() => b.Bound().ExclusiveAddressUse = false)),
        new("B2-045", "SetSocketOption(ReuseAddress,true)",
            b => Value(Get(Set(b.Bound(), SocketOptionName.ReuseAddress, 1), SocketOptionName.ReuseAddress))),
    ];

    private static Func<Bench, string> ReceiveBufferSize(int value) => b => ReadBack(b.Fresh(), s => s.ReceiveBufferSize = value, s => s.ReceiveBufferSize);

    private static Func<Bench, string> SendBufferSize(int value) => b => ReadBack(b.Fresh(), s => s.SendBufferSize = value, s => s.SendBufferSize);

    private static Func<Bench, string> Ttl(int value) => b => ReadBack(b.Fresh(), s => s.Ttl = (short)value, s => s.Ttl);

    private static Func<Bench, string> ReceiveTimeout(int value) => b => ReadBack(b.Fresh(), s => s.ReceiveTimeout = value, s => s.ReceiveTimeout);

    private static Func<Bench, string> SendTimeout(int value) => b => ReadBack(b.Fresh(), s => s.SendTimeout = value, s => s.SendTimeout);

    private static string ReadBack(Socket socket, Action<Socket> set, Func<Socket, object?> get) => Try(() =>
    {
        set(socket);
        return get(socket);
    });

    private static Socket Set(Socket socket, SocketOptionName name, int value)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, name, value);
        return socket;
    }

    private static object? Get(Socket socket, SocketOptionName name) => socket.GetSocketOption(SocketOptionLevel.Socket, name);
}
