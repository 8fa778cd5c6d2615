namespace ZMemif.Udp.Differential;

/// <summary>What a live, unconnected <c>UdpClient</c> says to bad and to good arguments.</summary>
internal static class UnconnectedClientProbes
{
    private const string Nowhere = "no.such.host.invalid";

    private static readonly byte[] s_four = Bytes(4);
    private static readonly IPAddress s_group = IPAddress.Parse("239.1.2.3");
    private static readonly IPAddress s_groupV6 = IPAddress.Parse("ff02::1");

    public static Probe[] Rows { get; } =
    [
        new("A2-001", "Send(null,0)", b => Try(() => b.Client().Send(null!, 0))),
        new("A2-002", "Send(null,0,ep)", b => Try(() => b.Client().Send(null!, 0, b.Sink()))),
        new("A2-003", "Send(null,0,\"localhost\",9)", b => Try(() => b.Client().Send(null!, 0, "localhost", 9))),
        new("A2-004", "Send(byte[4],5,ep)", b => Try(() => b.Client().Send(s_four, 5, b.Sink()))),
        new("A2-005", "Send(byte[4],-1,ep)", b => Try(() => b.Client().Send(s_four, -1, b.Sink()))),
        new("A2-006", "Send(byte[4],5)", b => Try(() => b.Client().Send(s_four, 5))),
        new("A2-007", "Send(byte[4],4)", b => Try(() => b.Client().Send(s_four, 4))),
        new("A2-008", "Send(byte[4],4,(IPEndPoint)null)", b => Try(() => b.Client().Send(s_four, 4, (IPEndPoint?)null))),
        new("A2-009", "Send(byte[4],4,(string)null,0)", b => Try(() => b.Client().Send(s_four, 4, null, 0))),
        new("A2-010", "Send(byte[4],4,(string)null,9)", b => Try(() => b.Client().Send(s_four, 4, null, 9))),
        new("A2-011", "Send(byte[4],4,\"127.0.0.1\",0)", b => Try(() => b.Client().Send(s_four, 4, "127.0.0.1", 0))),
        new("A2-012", "Send(span)", b => Try(() => b.Client().Send(s_four.AsSpan()))),
        new("A2-013", "Send(span,(IPEndPoint)null)", b => Try(() => b.Client().Send(s_four.AsSpan(), (IPEndPoint?)null))),
        new("A2-014", "Send(span,null,0)", b => Try(() => b.Client().Send(s_four.AsSpan(), null, 0))),
        new("A2-015", "Send(span,\"127.0.0.1\",0)", b => Try(() => b.Client().Send(s_four.AsSpan(), "127.0.0.1", 0))),
        new("A2-016", "SendAsync(null,0)", b => Try(() => b.Client().SendAsync(null!, 0))),
        new("A2-017", "SendAsync(byte[4],5)", b => Try(() => b.Client().SendAsync(s_four, 5))),
        new("A2-018", "SendAsync(byte[4],-1,ep)", b => Try(() => b.Client().SendAsync(s_four, -1, b.Sink()))),
        new("A2-019", "SendAsync(byte[4],4)", b => Try(() => b.Client().SendAsync(s_four, 4))),
        new("A2-020", "SendAsync(byte[4],4) sync throw?", b => When(() => b.Client().SendAsync(s_four, 4))),
        new("A2-021", "SendAsync(ROM)", b => Try(() => b.Client().SendAsync(s_four.AsMemory()))),
        new("A2-022", "SendAsync(ROM,null ep)", b => Try(() => b.Client().SendAsync(s_four.AsMemory(), (IPEndPoint?)null))),
        new("A2-023", "SendAsync(ROM,null,0)", b => Try(() => b.Client().SendAsync(s_four.AsMemory(), null, 0))),
        new("A2-024", "BeginSend(null,0,..)", b => Try(() => b.Client().BeginSend(null!, 0, null, null))),
        new("A2-025", "BeginSend(b,5,ep..)", b => Try(() => b.Client().BeginSend(s_four, 5, b.Sink(), null, null))),
        new("A2-026", "BeginSend(b,-1,ep..)", b => Try(() => b.Client().BeginSend(s_four, -1, b.Sink(), null, null))),
        new("A2-027", "BeginSend(b,4) + EndSend", b => Try(() =>
        {
            DUdp client = b.Client();
            return client.EndSend(client.BeginSend(s_four, 4, null, null));
        })),
        new("A2-028", "EndSend(null)", b => Try(() => b.Client().EndSend(null!))),
        new("A2-029", "EndSend(other IAsyncResult)", b => Try(() => b.Client().EndSend(Task.FromResult(0)))),
        new("A2-030", "EndReceive(null)", b => Try(() => EndReceive(b.Client(), null!))),
        new("A2-031", "EndReceive(other IAsyncResult)", b => Try(() => EndReceive(b.Client(), Task.FromResult(0)))),
        new("A2-032", "Receive(ref ep)", b => Try(() => Receive(b.Client()))),
        new("A2-033", "ReceiveAsync()", b => Try(() => b.Client().ReceiveAsync())),
        new("A2-034", "ReceiveAsync() sync throw?", b => When(() => b.Client().ReceiveAsync())),
        new("A2-035", "ReceiveAsync(ct) sync throw?", b => When(() => b.Client().ReceiveAsync(CancellationToken.None))),
        new("A2-036", "BeginReceive", b => Try(() => b.Client().BeginReceive(null, null))),
        new("A2-037", "Connect((string)null,0)", b => Try(() => b.Client().Connect((string)null!, 0))),
        new("A2-038", "Connect(\"localhost\",-1)", b => Try(() => b.Client().Connect("localhost", -1))),
        new("A2-039", "Connect((IPAddress)null,0)", b => Try(() => b.Client().Connect((IPAddress)null!, 0))),
        new("A2-040", "Connect(Loopback,66000)", b => Try(() => b.Client().Connect(IPAddress.Loopback, 66000))),
        new("A2-041", "Connect((IPEndPoint)null)", b => Try(() => b.Client().Connect(null!))),
        new("A2-042", "Connect(::1:9)", b => Try(() => b.Client().Connect(V6))),
        new("A2-043", "Connect(\"::1\",9)", b => Try(() => b.Client().Connect("::1", 9))),
        new("A2-044", "Connect(\"no.such.host.invalid\",9)", b => Try(() => b.Client().Connect(Nowhere, 9))),
        new("A2-045", "Active", b =>
        {
            DUdp client = b.Client();
            Try(() => client.Connect(V6));
            Try(() => client.Connect("::1", 9));
            return Value(client.IsActive);
        }),
        new("A2-046", "Send(b,4,[::1]:9)", b => Try(() => b.Client().Send(s_four, 4, V6))),
        new("A2-047", "Send(b,4,\"::1\",9)", b => Try(() => b.Client().Send(s_four, 4, "::1", 9))),
        new("A2-048", "SendAsync(b,4,\"::1\",9)", b => Try(() => b.Client().SendAsync(s_four, 4, "::1", 9))),
        new("A2-049", "Send(b,4,\"no.such.host.invalid\",9)", b => Try(() => b.Client().Send(s_four, 4, Nowhere, 9))),
        new("A2-050", "Send(b,4,\"localhost\",port)", b => Try(() => b.Client().Send(s_four, 4, "localhost", b.Sink().Port))),
        new("A2-051", "Send(b,4,\"\",9)", b => Try(() => b.Client().Send(s_four, 4, "", 9))),
        new("A2-052", "Send(b,4,ep port 0)", b => Try(() => b.Client().Send(s_four, 4, Loop(0)))),
        new("A2-053", "Send(b,4,0.0.0.0:port)", b => Try(() => b.Client().Send(s_four, 4, new IPEndPoint(IPAddress.Any, b.Sink().Port)))),
        new("A2-054", "JoinMulticastGroup(null)", b => Try(() => b.Client().JoinMulticastGroup(null!))),
        new("A2-055", "JoinMulticastGroup(null,1)", b => Try(() => b.Client().JoinMulticastGroup(null!, 1))),
        new("A2-056", "JoinMulticastGroup(239.1.2.3, ttl -1)", b => Try(() => b.Client().JoinMulticastGroup(s_group, -1))),
        new("A2-057", "JoinMulticastGroup(239.1.2.3, ttl 256)", b => Try(() => b.Client().JoinMulticastGroup(s_group, 256))),
        new("A2-058", "JoinMulticastGroup(0,(IPAddress)null)", b => Try(() => b.Client().JoinMulticastGroup(0, null!))),
        new("A2-059", "JoinMulticastGroup(-1,ff02::1)", b => Try(() => b.Client().JoinMulticastGroup(-1, s_groupV6))),
        new("A2-060", "JoinMulticastGroup(0,ff02::1)", b => Try(() => b.Client().JoinMulticastGroup(0, s_groupV6))),
        new("A2-061", "JoinMulticastGroup(ff02::1)", b => Try(() => b.Client().JoinMulticastGroup(s_groupV6))),
        new("A2-062", "JoinMulticastGroup(239.1.2.3,(IPAddress)null)", b => Try(() => b.Client().JoinMulticastGroup(s_group, (IPAddress)null!))),
        new("A2-063", "JoinMulticastGroup(10.0.0.1)", b => Try(() => b.Client().JoinMulticastGroup(IPAddress.Parse("10.0.0.1")))),
        new("A2-064", "DropMulticastGroup(null)", b => Try(() => b.Client().DropMulticastGroup(null!))),
        new("A2-065", "DropMulticastGroup(239.1.2.3)", b => Try(() => b.Client().DropMulticastGroup(s_group))),
        new("A2-066", "DropMulticastGroup(ff02::1)", b => Try(() => b.Client().DropMulticastGroup(s_groupV6))),
        new("A2-067", "DropMulticastGroup(ff02::1,0)", b => Try(() => b.Client().DropMulticastGroup(s_groupV6, 0))),
        new("A2-068", "DropMulticastGroup(239.1.2.3,-1)", b => Try(() => b.Client().DropMulticastGroup(s_group, -1))),
        new("A2-069", "AllowNatTraversal(true)", b => Try(() => b.Client().AllowNatTraversal(true))),
    ];

    private static byte[] Receive(UdpClient client)
    {
        IPEndPoint? remote = null;
        return client.Receive(ref remote);
    }

    private static byte[] EndReceive(UdpClient client, IAsyncResult asyncResult)
    {
        IPEndPoint? remote = null;
        return client.EndReceive(asyncResult, ref remote);
    }
}
