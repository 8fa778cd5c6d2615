using BenchmarkDotNet.Attributes;
using ZMemif.Udp.Stack;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Benchmarks;

/// <summary>A datagram of 18 bytes from the stack's send to the ring's memory, each to another one of many neighbors.</summary>
public class SendBenchmarks
{
    // More than there are neighbors, so that each is visited; strides of a prime jump about in memory.
    private const int Datagrams = 1 << 17;
    private const int Stride = 7919;
    private const int Some = 4096;

    private readonly byte[] _payload = new byte[18];
    private readonly Ipv4Address[] _each = new Ipv4Address[Datagrams];
    private readonly Ipv4Address[] _some = new Ipv4Address[Datagrams];
    private BenchHost _host = null!;

    /// <summary>How many neighbors are known.</summary>
    [Params(1, 100, 10_000, 100_000)]
    public int Neighbors { get; set; }

    /// <summary>Whether they have been learned by ARP, or set by the user.</summary>
    [Params(true, false)]
    public bool AreLearned { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _host = new BenchHost();
        if (AreLearned)
            _host.LearnNeighbors(Neighbors);
        else
            _host.SetNeighbors(Neighbors);
        long answers = _host.Link.Frames;
        for (int i = 0; i < Datagrams; i++)
        {
            _each[i] = BenchHost.Neighbor((int)((long)i * Stride % Neighbors));
            _some[i] = BenchHost.Neighbor((int)((long)(i % Some) * Stride % Neighbors));
        }

        SendToEach();
        SendToSome();
        if (_host.Link.Frames - answers != 2 * Datagrams)
            throw new InvalidOperationException("Not every datagram has reached the link.");
    }

    /// <summary>Route, neighbor, headers, copy and checksum, commit; to each of all neighbors in turn.</summary>
    [Benchmark(OperationsPerInvoke = Datagrams)]
    public void SendToEach() => Send(_each);

    /// <summary>The same, to no more than 4,096 of them, which lie all over the table.</summary>
    [Benchmark(OperationsPerInvoke = Datagrams)]
    public void SendToSome() => Send(_some);

    /// <summary>The look-up alone, of each of all neighbors in turn.</summary>
    [Benchmark(OperationsPerInvoke = Datagrams)]
    public int FindEach()
    {
        int found = 0;
        foreach (Ipv4Address destination in _each)
            found += _host.Stack.Arp.Neighbors.Find(destination) is null ? 0 : 1;
        return found;
    }

    private void Send(Ipv4Address[] destinations)
    {
        foreach (Ipv4Address destination in destinations)
        {
            SendProgress progress = default;
            _host.Stack.Udp.Send(new UdpFlow(BenchHost.Address, 4000, destination, 9), PacketOptions.Default, _payload, ref progress);
        }
    }
}
