using System.Net;

namespace ZMemif.Udp.Tests.Contract;

/// <summary>Our sockets on two interfaces that are each other's peer over shared memory.</summary>
public sealed class PairBinding : UdpBinding
{
    private readonly MemifInterface _first;
    private readonly MemifInterface _second;

    public PairBinding()
    {
        (_first, _second) = MemifInterface.CreatePair();
        Here = new MemifHost(_second);
        There = new MemifHost(_first);
    }

    public override IUdpHost Here { get; }

    public override IUdpHost There { get; }

    public override IPAddress DirectedBroadcast { get; } = IPAddress.Parse("192.0.2.255");

    public override async ValueTask DisposeAsync()
    {
        await _first.DisposeAsync();
        await _second.DisposeAsync();
        AssertCarried(_first);
        AssertCarried(_second);
    }

    // What a contract says about this binding is worth nothing if its datagrams went another way.
    private static void AssertCarried(MemifInterface end)
    {
        MemifInterfaceStatistics statistics = end.Statistics;
        long fromPeer = statistics.DatagramsDelivered - statistics.DatagramsLooped;
        Assert.True(fromPeer > 0, $"{end} delivered nothing that came from its peer.");
        Assert.InRange(statistics.RingFramesReceived, fromPeer, long.MaxValue);
        Assert.InRange(statistics.RingFramesTransmitted, 1, long.MaxValue);
    }
}
