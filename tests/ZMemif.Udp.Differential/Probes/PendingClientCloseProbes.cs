namespace ZMemif.Udp.Differential;

/// <summary>Closing a <c>UdpClient</c> while it receives: K-021 to K-033.</summary>
internal static class PendingClientCloseProbes
{
    public static Probe[] Rows { get; } =
    [
        // A close that comes between the client's own steps may also return an empty array: rows 028 to 031 count.
        new("K-021", "UdpClient.Receive (sync)", b => CloseWhileReceiving(b.BoundClient(), 0)),
        new("K-022", "UdpClient.Receive (sync) connected", b => CloseWhileReceiving(b.ConnectedClient(), 0)),
        new("K-023", "UdpClient.ReceiveAsync()", b => ClientPending(b.BoundClient(), c => c.ReceiveAsync())),
        new("K-024", "UdpClient.ReceiveAsync() connected", b => ClientPending(b.ConnectedClient(), c => c.ReceiveAsync())),
        new("K-025", "UdpClient.ReceiveAsync(ct)", b => ClientPending(b.BoundClient(), c => c.ReceiveAsync(CancellationToken.None).AsTask())),
        new("K-026", "UdpClient.BeginReceive/EndReceive", b =>
        {
            UdpClient client = b.Keep(new UdpClient(Loop(0)));
            IAsyncResult begun = client.BeginReceive(null, null);
            Wait();
            client.Close();
            begun.AsyncWaitHandle.WaitOne(1000);
            return $"completed={begun.IsCompleted} {EndReceive(client, begun)}";
        }),
        new("K-027", "UdpClient.BeginReceive callback", b =>
        {
            UdpClient client = b.Keep(new UdpClient(Loop(0)));
            using var called = new ManualResetEventSlim();
            string result = "no callback";
            client.BeginReceive(ar =>
            {
                result = EndReceive(client, ar);
                called.Set();
            }, null);
            Wait();
            client.Close();
            called.Wait(1000);
            return result;
        }),
        new("K-028", "UdpClient.Receive (sync) unconnected, Close x10", b => Distribution(10, () => Bare(CloseWhileReceiving(b.BoundClient(), 0)))),
        new("K-029", "UdpClient.Receive (sync) bound Any, Close x10",
            b => Distribution(10, () => Bare(CloseWhileReceiving(b.BoundClient(IPAddress.Any), 0)))),
        new("K-030", "UdpClient.Receive (sync) connected, Close x10", b => Distribution(10, () => Bare(CloseWhileReceiving(b.ConnectedClient(), 0)))),
        new("K-031", "UdpClient.Receive with ReceiveTimeout, Close x10",
            b => Distribution(10, () => Bare(CloseWhileReceiving(b.BoundClient(), 5000)))),
        new("K-032", "UdpClient.ReceiveAsync Close x20",
            b => Distribution(20, () => ClientPending(b.BoundClient(), c => c.ReceiveAsync(), settle: 5))),
        new("K-033", "UdpClient.ReceiveAsync connected Close x20",
            b => Distribution(20, () => ClientPending(b.ConnectedClient(), c => c.ReceiveAsync(), settle: 5))),
    ];

    private static string CloseWhileReceiving(UdpClient client, int timeout)
    {
        client.Client.ReceiveTimeout = timeout;
        Task<string> blocked = Bench.Blocked(
            () =>
            {
                IPEndPoint? from = null;
                return Try(() => $"returned byte[{client.Receive(ref from).Length}] remoteEP={Value(from)}");
            },
            settle: 50);
        client.Close();
        return Try(() => blocked);
    }

    private static string ClientPending(UdpClient client, Func<UdpClient, Task> receive, int settle = Settle)
    {
        Task pending = receive(client);
        Wait(settle);
        client.Close();
        return Try(() => pending);
    }

    private static string EndReceive(UdpClient client, IAsyncResult begun) => Try(() =>
    {
        IPEndPoint? from = null;
        return client.EndReceive(begun, ref from);
    });
}
