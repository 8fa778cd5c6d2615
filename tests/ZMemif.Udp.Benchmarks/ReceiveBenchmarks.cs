using System.Buffers.Binary;
using BenchmarkDotNet.Attributes;
using ZMemif.Udp.Stack;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Benchmarks;

/// <summary>A frame with a datagram of 18 bytes from the link to its socket, each for another one of many ports.</summary>
public class ReceiveBenchmarks
{
    // More than there are ports, so that each is visited; strides of a prime jump about in memory.
    private const int Frames = 1 << 14;
    private const int Stride = 7919;
    private const int FirstPort = 1024;
    private const int PayloadLength = 18;
    private const int PayloadStart = EthernetFrame.HeaderLength + Ipv4Packet.MinHeaderLength + UdpPacket.HeaderLength;

    private readonly byte[] _buffer = new byte[2048];
    private readonly byte[][] _frames = new byte[Frames][];
    private BenchHost _host = null!;

    /// <summary>How many ports have a socket.</summary>
    [Params(1, 100, 10_000)]
    public int Ports { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _host = new BenchHost();
        for (int i = 0; i < Ports; i++)
            _host.Ports.TryBind(new BenchSink(_buffer), Ipv4Address.Any, (ushort)(FirstPort + i));
        for (int i = 0; i < Frames; i++)
            _frames[i] = MakeFrame((ushort)(FirstPort + ((long)i * Stride % Ports)));
        Receive();
        if (_host.Counters.DatagramsDelivered != Frames)
            throw new InvalidOperationException("Not every frame has reached its socket.");
    }

    /// <summary>Ethernet, IPv4, UDP, look-up of the port, copy and checksum.</summary>
    [Benchmark(OperationsPerInvoke = Frames)]
    public void Receive()
    {
        DirectReceive nobody = default;
        foreach (byte[] frame in _frames)
            _host.Stack.Handle(frame, ref nobody);
    }

    /// <summary>Of that, the look-up alone.</summary>
    [Benchmark(OperationsPerInvoke = Frames)]
    public int Find()
    {
        int found = 0;
        foreach (byte[] frame in _frames)
        {
            ushort port = BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(PayloadStart - 6));
            found += _host.Ports.Find(BenchHost.Address, port, BenchHost.Neighbor(0), 5000) is null ? 0 : 1;
        }

        return found;
    }

    private static byte[] MakeFrame(ushort port)
    {
        byte[] frame = new byte[PayloadStart + PayloadLength];
        EthernetFrame.WriteHeader(frame, BenchHost.Mac, new MacAddress(0x0200_0B00_0000), EtherType.IPv4);
        Ipv4Packet.WriteHeader(frame.AsSpan(EthernetFrame.HeaderLength), new Ipv4HeaderFields
        {
            TotalLength = (ushort)(frame.Length - EthernetFrame.HeaderLength),
            TimeToLive = 64,
            Protocol = IpProtocol.Udp,
            Source = BenchHost.Neighbor(0),
            Destination = BenchHost.Address,
        });
        ushort checksum = UdpPacket.ComputeChecksum(BenchHost.Neighbor(0), BenchHost.Address, 5000, port, PayloadLength, payloadSum: 0);
        UdpPacket.WriteHeader(frame.AsSpan(PayloadStart - UdpPacket.HeaderLength), 5000, port, PayloadLength, checksum);
        return frame;
    }
}
