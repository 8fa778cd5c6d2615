using BenchmarkDotNet.Attributes;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Benchmarks;

/// <summary>Headers and checksums by themselves.</summary>
public class CodecBenchmarks
{
    private const int TotalLength = 46;

    private readonly byte[] _payload = new byte[65507];
    private readonly byte[] _copy = new byte[65507];
    private readonly byte[] _header = new byte[Ipv4Packet.MinHeaderLength];

    private ushort _identification;

    /// <summary>Payload in bytes.</summary>
    [Params(18, 1472, 65507)]
    public int Length { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        new Random(1).NextBytes(_payload);
        WriteIpv4Header();
    }

    [Benchmark]
    public ulong Sum() => InternetChecksum.Sum(_payload.AsSpan(0, Length));

    /// <summary>Copy and sum in one go.</summary>
    [Benchmark]
    public ulong CopyAndSum() => InternetChecksum.CopyAndSum(_payload.AsSpan(0, Length), _copy.AsSpan(0, Length));

    /// <summary>A copy without a sum, to compare with.</summary>
    [Benchmark]
    public void Copy() => _payload.AsSpan(0, Length).CopyTo(_copy);

    [Benchmark]
    public void WriteIpv4Header() => Ipv4Packet.WriteHeader(_header, new Ipv4HeaderFields
    {
        TotalLength = TotalLength,
        Identification = _identification++,
        TimeToLive = 64,
        Protocol = IpProtocol.Udp,
        Source = BenchHost.Address,
        Destination = BenchHost.Neighbor(0),
    });

    [Benchmark]
    public int ParseIpv4Header() => Ipv4Packet.TryParse(_header, TotalLength, out Ipv4Packet packet) == Ipv4Error.None ? packet.TotalLength : 0;
}
