namespace ZMemif.Udp.Differential;

/// <summary>Sending on a <c>Socket</c>: arguments, sizes, segments, flags. D-001 to D-041.</summary>
internal static class SendProbes
{
    private static readonly byte[] s_four = Bytes(4);

    public static Probe[] Rows { get; } =
    [
        new("D-001", "Send(b)", b => Try(() => b.Fresh().Send(s_four))),
        new("D-002", "Send(b,out err)", b => SendWithError(b.Fresh(), s_four)),
        new("D-003", "Send(span)", b => Try(() => b.Fresh().Send(s_four.AsSpan()))),
        new("D-004", "Send(list)", b => Try(() => b.Fresh().Send([s_four]))),
        new("D-005", "SendAsync(mem)", b => Try(() => b.Fresh().SendAsync(s_four.AsMemory(), SocketFlags.None))),
        new("D-006", "SendTo(b,ep)", b => Try(() => b.Fresh().SendTo(s_four, b.Sink()))),
        new("D-007", "SendTo(b,other ep)", b =>
        {
            (Socket receiver, Socket sender) = b.Pair();
            Socket other = b.Bound();
            int sent = sender.SendTo(s_four, At(other));
            return $"{sent} otherGot={Try(() => other.Receive(new byte[64]))} remote still {sender.RemoteEndPoint!.Equals(receiver.LocalEndPoint)}";
        }),
        new("D-008", "SendTo(b,null)", b => Try(() => b.Fresh().SendTo(s_four, null!))),
        new("D-009", "SendTo(null,ep)", b => Try(() => b.Fresh().SendTo(null!, b.Sink()))),
        new("D-010", "SendTo(b,-1,..)", b => Try(() => b.Fresh().SendTo(s_four, -1, 1, SocketFlags.None, b.Sink()))),
        new("D-011", "SendTo(b,5,..)", b => Try(() => b.Fresh().SendTo(s_four, 5, 0, SocketFlags.None, b.Sink()))),
        new("D-012", "SendTo(b,0,5)", b => Try(() => b.Fresh().SendTo(s_four, 0, 5, SocketFlags.None, b.Sink()))),
        new("D-013", "SendTo(b,ipv6 ep)", b => Try(() => b.Fresh().SendTo(s_four, V6))),
        new("D-014", "SendTo(b,DnsEndPoint)", b => Try(() => b.Fresh().SendTo(s_four, new DnsEndPoint("localhost", 9)))),
        new("D-015", "SendTo(span,flags,SocketAddress null)",
            b => Try(() => b.Fresh().SendTo(s_four.AsSpan(), SocketFlags.None, (SocketAddress)null!))),
        new("D-016", "SendTo(span,flags,SocketAddress)", b => Try(() => b.Fresh().SendTo(s_four.AsSpan(), SocketFlags.None, b.Sink().Serialize()))),
        new("D-017", "SendTo(span,flags,SocketAddress v6)", b => Try(() => b.Fresh().SendTo(s_four.AsSpan(), SocketFlags.None, V6.Serialize()))),
        new("D-018", "SendTo(…port 0)", b => Try(() => b.Fresh().SendTo(s_four, Loop(0)))),
        new("D-019", "SendTo(… Any:port)", b =>
        {
            Socket receiver = b.Bound();
            EndPoint from = Any;
            int sent = b.Fresh().SendTo(s_four, new IPEndPoint(IPAddress.Any, At(receiver).Port));
            return $"{sent} got={Try(() => receiver.ReceiveFrom(new byte[64], ref from))} from {((IPEndPoint)from).Address}";
        }),
        new("D-020", "SendTo(65507 bytes)", b => SendToOf(b, 65507)),
        new("D-021", "SendTo(65508 bytes)", b => SendToOf(b, 65508)),
        new("D-022", "SendTo(65535 bytes)", b => SendToOf(b, 65535)),
        new("D-023", "SendTo(65536 bytes)", b => SendToOf(b, 65536)),
        new("D-024", "SendTo(100000 bytes)", b => SendToOf(b, 100000)),
        new("D-025", "SendTo(65508,out-err style Send)", b => SendWithError(b.Connected(b.Sink()), new byte[65508])),
        new("D-026", "SendAsync(65508)", b => Try(() => b.Connected(b.Sink()).SendAsync(new byte[65508].AsMemory(), SocketFlags.None))),
        new("D-027", "SendTo(65508) state afterwards", b =>
        {
            Socket socket = b.Fresh();
            string tooMuch = Try(() => socket.SendTo(new byte[65508], b.Sink()));
            return $"{tooMuch} LocalEP={Value(socket.LocalEndPoint)} then {Try(() => socket.SendTo(s_four, b.Sink()))}";
        }),
        new("D-028", "SendTo(0 bytes)", b => SendToOf(b, 0)),
        new("D-029", "Receive zero-length", b => Try(() => b.Queued(0).Receiver.Receive(new byte[64]))),
        new("D-030", "Send(list of 3 segments)", b =>
        {
            (Socket receiver, Socket sender) = b.Pair();
            int sent = sender.Send([Bytes(1), Bytes(2), Bytes(4)]);
            return $"{sent} received={Try(() => receiver.Receive(new byte[64]))}";
        }),
        new("D-031", "Send(empty list)", b => Try(() => b.Connected(b.Sink()).Send(new List<ArraySegment<byte>>()))),
        new("D-032", "Send(null list)", b => Try(() => b.Connected(b.Sink()).Send((IList<ArraySegment<byte>>)null!))),
        new("D-033", "Send(1200 one-byte segments)", b =>
        {
            var segments = Enumerable.Range(0, 1200).Select(_ => new ArraySegment<byte>(new byte[1])).ToList();
            int sent = b.Connected(b.Sink()).Send(segments, SocketFlags.None, out SocketError error);
            return $"{sent} err={error}";
        }),
        new("D-034", "SendTo flags=DontRoute", b => SendToWith(b, SocketFlags.DontRoute)),
        new("D-035", "SendTo flags=OutOfBand", b => SendToWith(b, SocketFlags.OutOfBand)),
        new("D-036", "SendTo flags=Peek", b => SendToWith(b, SocketFlags.Peek)),
        new("D-037", "SendTo flags=Truncated", b => SendToWith(b, SocketFlags.Truncated)),
        new("D-038", "SendTo flags=Broadcast", b => SendToWith(b, SocketFlags.Broadcast)),
        new("D-039", "SendTo flags=Multicast", b => SendToWith(b, SocketFlags.Multicast)),
        new("D-040", "SendTo flags=Partial", b => SendToWith(b, SocketFlags.Partial)),
        new("D-041", "SendTo flags=64", b => SendToWith(b, (SocketFlags)64)),
    ];

    private static string SendWithError(Socket socket, byte[] bytes)
    {
        int sent = socket.Send(bytes, 0, bytes.Length, SocketFlags.None, out SocketError error);
        return $"{sent} err={error}";
    }

    private static string SendToOf(Bench b, int bytes) => Try(() => b.Fresh().SendTo(new byte[bytes], b.Sink()));

    private static string SendToWith(Bench b, SocketFlags flags) => Try(() => b.Fresh().SendTo(s_four, flags, b.Sink()));
}
