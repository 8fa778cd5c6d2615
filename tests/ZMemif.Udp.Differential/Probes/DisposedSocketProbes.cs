namespace ZMemif.Udp.Differential;

/// <summary>A <c>Socket</c> after it was disposed: K-042 to K-067.</summary>
internal static class DisposedSocketProbes
{
    private static readonly byte[] s_four = Bytes(4);

    public static Probe[] Rows { get; } =
    [
        new("K-042", "Disposed: Send", b => Try(() => b.Disposed().Send(s_four))),
        new("K-043", "Disposed: Send out err", b => Try(() => b.Disposed().Send(s_four, 0, 4, SocketFlags.None, out _))),
        new("K-044", "Disposed: SendTo", b => Try(() => b.Disposed().SendTo(s_four, b.Sink()))),
        new("K-045", "Disposed: SendTo null ep", b => Try(() => b.Disposed().SendTo(s_four, null!))),
        new("K-046", "Disposed: Receive", b => Try(() => b.Disposed().Receive(s_four))),
        new("K-047", "Disposed: ReceiveFrom null buf", b => Try(() =>
        {
            EndPoint from = Any;
            return b.Disposed().ReceiveFrom(null!, ref from);
        })),
        new("K-048", "Disposed: ReceiveMessageFrom", b => Try(() =>
        {
            var flags = SocketFlags.None;
            EndPoint from = Any;
            return b.Disposed().ReceiveMessageFrom(s_four, ref flags, ref from, out _);
        })),
        new("K-049", "Disposed: ReceiveAsync", b => Try(() => b.Disposed().ReceiveAsync(s_four.AsMemory(), SocketFlags.None))),
        new("K-050", "Disposed: ReceiveAsync sync?", b => TypeOnly(When(() => b.Disposed().ReceiveAsync(s_four.AsMemory(), SocketFlags.None)))),
        new("K-051", "Disposed: ReceiveAsync precancelled",
            b => Try(() => b.Disposed().ReceiveAsync(s_four.AsMemory(), SocketFlags.None, Cancelled))),
        new("K-052", "Disposed: ReceiveFromAsync", b => Try(() => b.Disposed().ReceiveFromAsync(s_four.AsMemory(), SocketFlags.None, Any))),
        new("K-053", "Disposed: SendAsync", b => Try(() => b.Disposed().SendAsync(s_four.AsMemory(), SocketFlags.None))),
        new("K-054", "Disposed: SendToAsync", b => Try(() => b.Disposed().SendToAsync(s_four.AsMemory(), SocketFlags.None, b.Sink()))),
        new("K-055", "Disposed: SendToAsync sync?",
            b => TypeOnly(When(() => b.Disposed().SendToAsync(s_four.AsMemory(), SocketFlags.None, b.Sink())))),
        new("K-056", "Disposed: Poll", b => Try(() => b.Disposed().Poll(0, SelectMode.SelectRead))),
        new("K-057", "Disposed: Bind", b => Try(() => b.Disposed().Bind(Loop(0)))),
        new("K-058", "Disposed: Connect", b => Try(() => b.Disposed().Connect(b.Sink()))),
        new("K-059", "Disposed: Shutdown", b => Try(() => b.Disposed().Shutdown(SocketShutdown.Both))),
        new("K-060", "Disposed: SetSocketOption",
            b => Try(() => b.Disposed().SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Broadcast, true))),
        new("K-061", "Disposed: GetSocketOption", b => Try(() => b.Disposed().GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Broadcast))),
        new("K-062", "Disposed: IOControl", b => Try(() => b.Disposed().IOControl(IOControlCode.DataToRead, null, new byte[4]))),
        new("K-063", "Disposed: Blocking=false", b => Try(() => b.Disposed().Blocking = false)),
        new("K-064", "Disposed: BeginReceiveFrom", b => Try(() =>
        {
            EndPoint from = Any;
            return b.Disposed().BeginReceiveFrom(s_four, 0, 4, SocketFlags.None, ref from, null, null);
        })),
        new("K-065", "Disposed: EndReceiveFrom(null)", b => Try(() =>
        {
            EndPoint from = Any;
            return b.Disposed().EndReceiveFrom(null!, ref from);
        })),
        new("K-066", "Disposed: SAEA", b => Try(() =>
        {
            SocketAsyncEventArgs e = b.Keep(new SocketAsyncEventArgs { RemoteEndPoint = Any });
            e.SetBuffer(s_four);
            return b.Disposed().ReceiveFromAsync(e);
        })),
        new("K-067", "Select with a disposed socket", b => Try(() => Socket.Select(new List<Socket> { b.Disposed() }, null, null, 0))),
    ];

    private static string TypeOnly(string result) => result.Split('(')[0];
}
