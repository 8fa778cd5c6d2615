namespace ZMemif.Udp.Differential;

/// <summary>A <c>UdpClient</c> that is connected (its <c>Active</c> is set).</summary>
internal static class ConnectedClientProbes
{
    private static readonly byte[] s_four = Bytes(4);

    public static Probe[] Rows { get; } =
    [
        new("A3-001", "Active", b => Value(b.ConnectedClient().IsActive)),
        new("A3-002", "Send(b,4)", b => Try(() => b.ConnectedClient().Send(s_four, 4))),
        new("A3-003", "Send(b,0)", b => Try(() => b.ConnectedClient().Send(s_four, 0))),
        new("A3-004", "Send(b,5)", b => Try(() => b.ConnectedClient().Send(s_four, 5))),
        new("A3-005", "Send(b,4,ep)", b => Try(() => b.ConnectedClient().Send(s_four, 4, b.Sink()))),
        new("A3-006", "Send(b,4,same ep)", b =>
        {
            DUdp client = b.ConnectedClient();
            return Try(() => client.Send(s_four, 4, (IPEndPoint)client.Client.RemoteEndPoint!));
        }),
        new("A3-007", "Send(b,4,null ep)", b => Try(() => b.ConnectedClient().Send(s_four, 4, null))),
        new("A3-008", "Send(b,4,\"127.0.0.1\",9)", b => Try(() => b.ConnectedClient().Send(s_four, 4, "127.0.0.1", 9))),
        new("A3-009", "Send(b,4,\"127.0.0.1\",0)", b => Try(() => b.ConnectedClient().Send(s_four, 4, "127.0.0.1", 0))),
        new("A3-010", "Send(b,4,null,9)", b => Try(() => b.ConnectedClient().Send(s_four, 4, null, 9))),
        new("A3-011", "Send(b,4,null,0)", b => Try(() => b.ConnectedClient().Send(s_four, 4, null, 0))),
        new("A3-012", "Send(span,ep)", b => Try(() => b.ConnectedClient().Send(s_four.AsSpan(), b.Sink()))),
        new("A3-013", "Send(span,host,port)", b => Try(() => b.ConnectedClient().Send(s_four.AsSpan(), "127.0.0.1", 9))),
        new("A3-014", "Send(span)", b => Try(() => b.ConnectedClient().Send(s_four.AsSpan()))),
        new("A3-015", "SendAsync(b,4,ep)", b => When(() => b.ConnectedClient().SendAsync(s_four, 4, b.Sink()))),
        new("A3-016", "SendAsync(ROM,ep)", b => When(() => b.ConnectedClient().SendAsync(s_four.AsMemory(), b.Sink()))),
        new("A3-017", "SendAsync(ROM,host,port)", b => When(() => b.ConnectedClient().SendAsync(s_four.AsMemory(), "127.0.0.1", 9))),
        new("A3-018", "SendAsync(ROM)", b => Try(() => b.ConnectedClient().SendAsync(s_four.AsMemory()))),
        new("A3-019", "SendAsync(ROM,null)", b => Try(() => b.ConnectedClient().SendAsync(s_four.AsMemory(), null))),
        new("A3-020", "BeginSend(b,4,ep)", b => Try(() => b.ConnectedClient().BeginSend(s_four, 4, b.Sink(), null, null))),
        new("A3-021", "BeginSend(b,4,host,9)", b => Try(() => b.ConnectedClient().BeginSend(s_four, 4, "127.0.0.1", 9, null, null))),
        new("A3-022", "BeginSend(b,4)/EndSend", b => Try(() =>
        {
            DUdp client = b.ConnectedClient();
            return client.EndSend(client.BeginSend(s_four, 4, null, null));
        })),
        new("A3-023", "Connect again via UdpClient", b =>
        {
            DUdp client = b.ConnectedClient();
            client.Connect(b.Sink());
            return State(client.Client);
        }),
    ];
}
