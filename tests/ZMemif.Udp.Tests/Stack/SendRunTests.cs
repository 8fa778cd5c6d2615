using System.Net.Sockets;
using ZMemif.Udp.Sockets;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Tests.Stack;

/// <summary>Batches whose datagrams go to several neighbors, about some of which something has to be done first.</summary>
public sealed class SendRunTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    // Longer than a neighbor counts as reachable without a word.
    private const double UntilStale = 61;

    private readonly TestHost _host = new(prefixLength: 8);

    [Fact]
    public void Batch_NeighborInTheMidstIsStale_IsAskedForAndEachDatagramGoesOnce()
    {
        Ipv4Address known = Neighbor(1), stale = Neighbor(2);
        _host.Stack.Arp.SetPermanent(known, Net.OtherMac);
        _host.Introduce(stale, Net.NeighborMac);
        _host.PassSeconds(UntilStale);
        UdpEndpoint socket = _host.Listen();
        _host.Sent.Clear();
        long framesBefore = _host.Link.Transmitter.Frames;

        int sent = socket.SendBatch([To(known, 'A'), To(stale, 'B'), To(known, 'C')], 0, out SocketError error);

        Assert.Equal((3, SocketError.Success), (sent, error));
        Assert.Equal("A?BC", string.Concat(_host.Sent.Select(Tag)));
        Assert.Equal(4, _host.Link.Transmitter.Frames - framesBefore);
        _host.AssertBalances();
    }

    [Fact]
    public void Batch_NeighborsInUse_GoTogether()
    {
        Ipv4Address[] neighbors = [.. Enumerable.Range(1, 5).Select(Neighbor)];
        foreach (Ipv4Address neighbor in neighbors)
            _host.Introduce(neighbor, Net.NeighborMac);
        UdpEndpoint socket = _host.Listen();
        MemifDatagram[] batch = [.. neighbors.Select(neighbor => To(neighbor, 'x'))];
        socket.SendBatch(batch, 0, out _);
        int wakes = 0;
        _host.Link.Transmitter.OnWake = () => wakes++;
        _host.Link.Transmitter.MustWakePeer = true;

        Assert.Equal(5, socket.SendBatch(batch, 0, out _));

        Assert.Equal(1, wakes);
    }

    [Fact]
    public async Task Batch_WhileNeighborsAnswer_NeitherWaitsForTheOther()
    {
        const int Neighbors = 3000;
        const int Asked = 64;
        for (int i = 0; i < Neighbors; i++)
            _host.Receive(Frames.Arp(ArpOperation.Request, sender: Neighbor(i), senderMac: Net.OtherMac));
        _host.PassSeconds(UntilStale);
        for (int i = 0; i < Asked; i++)
            _host.Send(Neighbor(Neighbors + i), "waits"u8);
        UdpEndpoint socket = _host.Listen();
        using var together = new Barrier(2);

        Task sending = Run(() =>
        {
            together.SignalAndWait();
            socket.SendBatch([.. Enumerable.Range(0, Neighbors).Select(i => To(Neighbor(i), 'x'))], 0, out _);
        });
        Task answering = Run(() =>
        {
            together.SignalAndWait();
            for (int i = 0; i < Asked; i++)
            {
                Thread.SpinWait(2000);
                _host.Receive(Frames.Arp(ArpOperation.Reply, sender: Neighbor(Neighbors + i), to: Net.OwnMac));
            }
        });

        await Task.WhenAll(sending, answering).WaitAsync(s_patience);
    }

    private static Task Run(Action action) =>
        Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static Ipv4Address Neighbor(int i) => new(Net.Own.Value + 0x0001_0000 + (uint)i);

    private static MemifDatagram To(Ipv4Address neighbor, char tag) =>
        new(new[] { (byte)tag }) { Length = 1, RemoteEndPoint = new MemifEndPoint(new Udp.Stack.UdpPeer(neighbor, 9)) };

    // The last byte of a datagram; a question mark for a request.
    private static char Tag(byte[] frame) => frame[13] == 6 ? '?' : (char)frame[^1];
}
