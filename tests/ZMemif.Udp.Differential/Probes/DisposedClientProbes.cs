namespace ZMemif.Udp.Differential;

/// <summary>A <c>UdpClient</c> after <c>Close</c>: 001 to 028.</summary>
internal static class DisposedClientProbes
{
    private static readonly byte[] s_four = Bytes(4);

    public static Probe[] Rows { get; } =
    [
        new("A4-001", "Client", b => Value(b.ClosedClient().Client)),
        new("A4-002", "Active", b => Value(b.ClosedClient().IsActive)),
        new("A4-003", "Available", b => Try(() => b.ClosedClient().Available)),
        new("A4-004", "Ttl", b => Try(() => b.ClosedClient().Ttl)),
        new("A4-005", "EnableBroadcast get", b => Try(() => b.ClosedClient().EnableBroadcast)),
        new("A4-006", "Ttl=5", b => Try(() => b.ClosedClient().Ttl = 5)),
        new("A4-007", "DontFragment", b => Try(() => b.ClosedClient().DontFragment)),
        new("A4-008", "ExclusiveAddressUse", b => Try(() => b.ClosedClient().ExclusiveAddressUse)),
        new("A4-009", "MulticastLoopback", b => Try(() => b.ClosedClient().MulticastLoopback)),
        new("A4-010", "Send(b,4,ep)", b => Try(() => b.ClosedClient().Send(s_four, 4, b.Sink()))),
        new("A4-011", "Send(null,0)", b => Try(() => b.ClosedClient().Send(null!, 0))),
        new("A4-012", "Send(b,4,host,port)", b => Try(() => b.ClosedClient().Send(s_four, 4, "127.0.0.1", 9))),
        new("A4-013", "Send(span)", b => Try(() => b.ClosedClient().Send(s_four.AsSpan()))),
        new("A4-014", "SendAsync(b,4)", b => When(() => b.ClosedClient().SendAsync(s_four, 4))),
        new("A4-015", "SendAsync(ROM,ep)", b => When(() => b.ClosedClient().SendAsync(s_four.AsMemory(), b.Sink()))),
        new("A4-016", "Receive", b => Try(() =>
        {
            IPEndPoint? remote = null;
            return b.ClosedClient().Receive(ref remote);
        })),
        new("A4-017", "ReceiveAsync()", b => When(() => b.ClosedClient().ReceiveAsync())),
        new("A4-018", "ReceiveAsync(ct)", b => When(() => b.ClosedClient().ReceiveAsync(CancellationToken.None))),
        new("A4-019", "ReceiveAsync(cancelled ct)", b => When(() => b.ClosedClient().ReceiveAsync(Cancelled))),
        new("A4-020", "BeginReceive", b => Try(() => b.ClosedClient().BeginReceive(null, null))),
        new("A4-021", "EndReceive(null)", b => Try(() =>
        {
            IPEndPoint? remote = null;
            return b.ClosedClient().EndReceive(null!, ref remote);
        })),
        new("A4-022", "EndSend(null)", b => Try(() => b.ClosedClient().EndSend(null!))),
        new("A4-023", "Connect(null ep)", b => Try(() => b.ClosedClient().Connect(null!))),
        new("A4-024", "Connect(host)", b => Try(() => b.ClosedClient().Connect("127.0.0.1", 9))),
        new("A4-025", "JoinMulticastGroup(null)", b => Try(() => b.ClosedClient().JoinMulticastGroup(null!))),
        new("A4-026", "AllowNatTraversal", b => Try(() => b.ClosedClient().AllowNatTraversal(true))),
        new("A4-027", "Dispose(false) then Send", b => Try(() =>
        {
            DUdp client = b.Client();
            client.DisposeOnly(disposing: false);
            return client.Send(s_four, 4, b.Sink());
        })),
        new("A4-028", "Client kept reference after Close", b =>
        {
            DUdp client = b.BoundClient();
            Socket kept = client.Client;
            client.Close();
            return $"{Value(client.Client is null)} {Try(() => kept.Available)}";
        }),
    ];
}
