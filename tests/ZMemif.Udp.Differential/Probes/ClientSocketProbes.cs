namespace ZMemif.Udp.Differential;

/// <summary>The socket inside a <c>UdpClient</c>, used or replaced by its owner, and the result types: A4-029 to A4-041.</summary>
internal static class ClientSocketProbes
{
    private static readonly byte[] s_four = Bytes(4);

    private static readonly SocketError[] s_errors =
    [
        SocketError.ConnectionRefused, SocketError.WouldBlock, SocketError.TimedOut, SocketError.MessageSize, SocketError.AddressAlreadyInUse,
        SocketError.AddressNotAvailable, SocketError.AccessDenied, SocketError.OperationAborted, SocketError.Interrupted, SocketError.NotConnected,
        SocketError.DestinationAddressRequired, SocketError.NetworkUnreachable, SocketError.HostUnreachable, SocketError.OperationNotSupported,
        SocketError.InvalidArgument, SocketError.HostNotFound, SocketError.NoBufferSpaceAvailable, SocketError.ProtocolOption, SocketError.Shutdown,
        SocketError.IsConnected, SocketError.AddressFamilyNotSupported, SocketError.NetworkDown, SocketError.ProtocolType, SocketError.SocketNotSupported,
    ];

    public static Probe[] Rows { get; } =
    [
        new("A4-029", "Client setter", b =>
        {
            DUdp client = b.Client();
            b.Keep(client.Client);
            client.Client = b.Bound();
            IPEndPoint? remote = null;
            return $"Active={client.IsActive} {State(client.Client)} recv {Try(() => client.Receive(ref remote))}";
        }),
        new("A4-030", "Client setter", b =>
        {
            DUdp client = b.Client();
            b.Keep(client.Client);
            client.Client = b.Connected(b.Sink());
            return SendsWhileInactive(b, client, "ep");
        }),
        new("A4-031", "Client=null then Send", b => Try(() =>
        {
            DUdp client = b.Client();
            b.Keep(client.Client);
            client.Client = null!;
            return client.Send(s_four, 4, b.Sink());
        })),
        new("A4-032", "Client=null then Dispose", b => Try(() =>
        {
            DUdp client = b.Client();
            b.Keep(client.Client);
            client.Client = null!;
            client.Dispose();
        })),
        new("A4-033", "Client.Connect(ep) directly then Send(b,4)", b =>
        {
            DUdp client = b.Client();
            client.Client.Connect(b.Sink());
            return SendsWhileInactive(b, client, "ep other");
        }),
        new("A4-034", "Client.Connect + BeginSend/EndSend", b => Try(() =>
        {
            DUdp client = b.Client();
            client.Client.Connect(b.Sink());
            return client.EndSend(client.BeginSend(s_four, 4, null, null));
        })),
        new("A4-035", "Client.Bind after parameterless ctor", b =>
        {
            DUdp client = b.Client();
            client.Client.Bind(Loop(0));
            return State(client.Client);
        }),
        new("A4-036", "Active=true without connect; Send(b,4)", b =>
        {
            DUdp client = b.Client();
            client.IsActive = true;
            return $"{Try(() => client.Send(s_four, 4))} ; Send(b,4,ep)={Try(() => client.Send(s_four, 4, b.Sink()))}";
        }),
        new("A4-037", "Send result", b => Try(() => b.ConnectedClient().Send(Bytes(100), 40))),
        new("A4-038", "UdpReceiveResult(null,null)", _ => Try(() => new UdpReceiveResult(null!, null!))),
        new("A4-039", "UdpReceiveResult(b,null)", _ => Try(() => new UdpReceiveResult(s_four, null!))),
        new("A4-040", "default(UdpReceiveResult)", _ =>
        {
            UdpReceiveResult result = default;
            return $"Buffer={Value(result.Buffer)} Remote={Value(result.RemoteEndPoint)} hash={result.GetHashCode()}";
        }),
        new("A4-041", "new SocketException(code) vs thrown", _ => string.Join("; ", s_errors.Select(Parts))),
    ];

    private static string SendsWhileInactive(Bench b, DUdp client, string endPoint) =>
        $"Active={client.IsActive} Send(b,4)={Try(() => client.Send(s_four, 4))} Send(b,4,{endPoint})={Try(() => client.Send(s_four, 4, b.Sink()))}";

    private static string Parts(SocketError code)
    {
        var exception = new SocketException((int)code);
        return $"{code}={exception.ErrorCode}/{exception.NativeErrorCode}/{exception.HResult:X8} «{exception.Message}»";
    }
}
