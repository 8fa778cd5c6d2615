namespace ZMemif.Udp.Differential;

/// <summary>Many threads on one client, and how much a receive buffer holds.</summary>
internal static class CapacityProbes
{
    public static Probe[] Rows { get; } =
    [
        new("R-001", "4 threads SendTo on one UdpClient", b =>
        {
            Socket receiver = b.Bound();
            receiver.ReceiveBufferSize = 4 << 20;
            DUdp client = b.Client();
            IPEndPoint destination = At(receiver);
            int accepted = 0;
            Task[] senders = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
            {
                for (int i = 0; i < 1000; i++)
                {
                    if (client.Send(Bytes(4), 4, destination) == 4)
                        Interlocked.Increment(ref accepted);
                }
            }))];
            Task.WaitAll(senders);
            return $"{accepted} received={SharingProbes.Count(receiver)}";
        }),
        new("R-002", "rx queue depth at default 212992, payload 1", b => Depth(b, 1)),
        new("R-003", "rx queue depth at default 212992, payload 64", b => Depth(b, 64)),
        new("R-004", "rx queue depth at default 212992, payload 256", b => Depth(b, 256)),
        new("R-005", "rx queue depth at default 212992, payload 512", b => Depth(b, 512)),
        new("R-006", "rx queue depth at default 212992, payload 1024", b => Depth(b, 1024)),
        new("R-007", "rx queue depth at default 212992, payload 1400", b => Depth(b, 1400)),
        new("R-008", "rx queue depth at default 212992, payload 4096", b => Depth(b, 4096)),
        new("R-009", "rx queue depth at default 212992, payload 9000", b => Depth(b, 9000)),
    ];

    private static string Depth(Bench b, int payload)
    {
        (Socket receiver, Socket sender) = b.Pair();
        byte[] bytes = new byte[payload];
        for (int i = 0; i < 1000; i++)
            sender.Send(bytes);

        return Value(SharingProbes.Count(receiver));
    }
}
