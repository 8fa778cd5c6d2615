namespace ZMemif.Udp.Differential;

/// <summary>Calls with several faults: which check wins.</summary>
internal static class CheckOrderProbes
{
    private const string Nowhere = "no.such.host.invalid";

    private static readonly byte[] s_four = Bytes(4);
    private static readonly IPAddress s_groupV6 = IPAddress.Parse("ff02::1");

    public static Probe[] Rows { get; } =
    [
        new("AC-001", "active: SendAsync(null,0,\"h\",9)", b => When(() => b.ConnectedClient().SendAsync(null!, 0, "h", 9))),
        new("AC-002", "active: SendAsync(null,0,ep)", b => When(() => b.ConnectedClient().SendAsync(null!, 0, b.Sink()))),
        new("AC-003", "active: SendAsync(b,99,ep)", b => When(() => b.ConnectedClient().SendAsync(s_four, 99, b.Sink()))),
        new("AC-004", "active: Send(null,0,ep)", b => When(() => b.ConnectedClient().Send(null!, 0, b.Sink()))),
        new("AC-005", "active: Send(b,99,ep)", b => When(() => b.ConnectedClient().Send(s_four, 99, b.Sink()))),
        new("AC-006", "active: Send(null,0,\"h\",9)", b => When(() => b.ConnectedClient().Send(null!, 0, "h", 9))),
        new("AC-007", "active: BeginSend(null,0,\"h\",9)", b => When(() => b.ConnectedClient().BeginSend(null!, 0, "h", 9, null, null))),
        new("AC-008", "disposed: SendAsync(b,4,\"no.such.host.invalid\",9)", b => When(() => b.ClosedClient().SendAsync(s_four, 4, Nowhere, 9))),
        new("AC-009", "disposed: SendAsync(ROM,\"no.such.host.invalid\",9)",
            b => When(() => b.ClosedClient().SendAsync(s_four.AsMemory(), Nowhere, 9))),
        new("AC-010", "disposed: Send(b,4,\"no.such.host.invalid\",9)", b => When(() => b.ClosedClient().Send(s_four, 4, Nowhere, 9))),
        new("AC-011", "disposed: BeginSend(b,4,\"no.such.host.invalid\",9)",
            b => When(() => b.ClosedClient().BeginSend(s_four, 4, Nowhere, 9, null, null))),
        new("AC-012", "disposed: Connect(null host,-1)", b => When(() => Done(() => b.ClosedClient().Connect((string)null!, -1))).Split('(')[0]),
        new("AC-013", "new UdpClient(null,-1)", b => When(() => b.Keep(new UdpClient(null!, -1)))),
        new("AC-014", "unconnected: Send(b,99)", b => When(() => b.Client().Send(s_four, 99))),
        new("AC-015", "unconnected: Send(b,99,(IPEndPoint)null)", b => When(() => b.Client().Send(s_four, 99, (IPEndPoint?)null))),
        new("AC-016", "unconnected: Send(b,99,v6 ep)", b => When(() => b.Client().Send(s_four, 99, V6))),
        new("AC-017", "JoinMulticastGroup(ff02::1, ttl 300) on v4", b => When(() => Done(() => b.Client().JoinMulticastGroup(s_groupV6, 300)))),
        new("AC-018", "JoinMulticastGroup(null,(IPAddress)null)",
            b => When(() => Done(() => b.Client().JoinMulticastGroup(null!, (IPAddress)null!)))),
        new("AC-019", "JoinMulticastGroup(ff02::1, 127.0.0.1) on v4",
            b => When(() => Done(() => b.Client().JoinMulticastGroup(s_groupV6, IPAddress.Loopback)))),
        new("AC-020", "JoinMulticastGroup(-1,null)", b => When(() => Done(() => b.Client().JoinMulticastGroup(-1, null!)))),
        new("AC-021", "Socket.SendTo(null,-1,-1,ep null)", b => When(() => b.Fresh().SendTo(null!, -1, -1, SocketFlags.None, null!))),
        new("AC-022", "Socket.SendTo(b,9,9,ep null)", b => When(() => b.Fresh().SendTo(s_four, 9, 9, SocketFlags.None, null!))),
        new("AC-023", "Socket.ReceiveFrom unbound, null buffer, null ep", b => When(() => From(b.Fresh(), null!, 0, null!))),
        new("AC-024", "Socket.ReceiveFrom unbound, bad size, v6 ep", b => When(() => From(b.Fresh(), s_four, 99, V6))),
        new("AC-025", "Socket.ReceiveFrom unbound, ok buffer, v6 ep", b => When(() => From(b.Fresh(), s_four, 4, V6))),
        new("AC-026", "Socket.ReceiveFrom unbound, null ep", b => When(() => From(b.Fresh(), s_four, 4, null!))),
        new("AC-027", "Socket.ReceiveMessageFrom unbound, null buffer", b => When(() =>
        {
            var flags = SocketFlags.None;
            EndPoint from = Any;
            return b.Fresh().ReceiveMessageFrom(null!, 0, 0, ref flags, ref from, out _);
        })),
        new("AC-028", "Socket.ReceiveFromAsync(precancelled, unbound)",
            b => When(() => b.Fresh().ReceiveFromAsync(s_four.AsMemory(), SocketFlags.None, Any, Cancelled))),
        new("AC-029", "Socket.ReceiveFromAsync(precancelled, null ep, bound)",
            b => When(() => b.Bound().ReceiveFromAsync(s_four.AsMemory(), SocketFlags.None, (EndPoint)null!, Cancelled))),
        new("AC-030", "Socket.SendToAsync(precancelled, null ep)",
            b => When(() => b.Bound().SendToAsync(s_four.AsMemory(), SocketFlags.None, (EndPoint)null!, Cancelled))),
        new("AC-031", "disposed Socket.SendToAsync(precancelled)",
            b => When(() => b.Disposed().SendToAsync(s_four.AsMemory(), SocketFlags.None, b.Sink(), Cancelled))),
        new("AC-032", "disposed Socket.ReceiveFromAsync(precancelled)",
            b => When(() => b.Disposed().ReceiveFromAsync(s_four.AsMemory(), SocketFlags.None, Any, Cancelled))),
        new("AC-033", "disposed Socket.ConnectAsync(precancelled)", b => When(() => b.Disposed().ConnectAsync(b.Sink(), Cancelled))),
        new("AC-034", "UdpClient unbound ReceiveAsync(precancelled)", b => When(() => b.Client().ReceiveAsync(Cancelled))),
        new("AC-035", "Socket.Send unconnected, null buffer", b => When(() => b.Fresh().Send((byte[])null!, 0, 0, SocketFlags.None))),
        new("AC-036", "Socket.Send unconnected, bad size, out err", b => When(() => b.Fresh().Send(s_four, 0, 99, SocketFlags.None, out _))),
        new("AC-037", "Socket.Connect after string host unresolvable", b => When(() => Done(() => b.Fresh().Connect(Nowhere, 9)))),
    ];

    private static object? Done(Action act)
    {
        act();
        return null;
    }

    private static int From(Socket socket, byte[] buffer, int size, EndPoint from) => socket.ReceiveFrom(buffer, 0, size, SocketFlags.None, ref from);
}
