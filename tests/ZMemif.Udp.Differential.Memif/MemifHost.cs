using System.Diagnostics;

namespace ZMemif.Udp.Differential.Memif;

/// <summary>
/// An interface of ours as the host: one memif, at whose other end is a station that answers ARP and takes whatever comes. The
/// namespaces only keep resolvers away, as in the other half.
/// </summary>
internal sealed class MemifHost : ProbeHost, IDisposable
{
    private static readonly IPEndPoint s_station = new(IPAddress.Parse("192.0.2.1"), 7);

    private readonly string _socket = $"@zmemif-differential-{Environment.ProcessId}";
    private Station? _station;
    private MemifInterface? _memif;
    private bool _isSlow;

    /// <summary>There are no event counters.</summary>
    public override string EventSourceName => "ZMemif.Udp";

    public override IPAddress OwnAddress { get; } = IPAddress.Parse("192.0.2.2");

    public override IPAddress SecondAddress => OwnAddress;

    public override bool MayCostLess => true;

    /// <summary>There is but one interface.</summary>
    public override int SecondIndex => 1;

    public override string? Obstacle => Environment.IsPrivilegedProcess ? null : "only root can make network namespaces";

    public override ProcessStartInfo Launch(Condition condition, IReadOnlyList<string> command) =>
        new("unshare", ["--net", "--", "sh", "-c", "ip link set lo up; exec \"$@\"", "sh", .. command]);

    public override void Enter(Condition condition)
    {
        _station = new Station(_socket);

        // Alone in its network, the host has no way to anywhere.
        string network = condition switch
        {
            Condition.Isolated or Condition.SmallMtu => "/32",
            Condition.SlowTransmit => "/24;RingSize=8;Stall=3600",
            _ => "/24;Gateway=192.0.2.1",
        };
        _memif = MemifInterface.OpenAsync($"Socket={_socket};Address={OwnAddress}{network}").GetAwaiter().GetResult();
        MemifInterface.Default = _memif;
        _isSlow = condition == Condition.SlowTransmit;
        if (_isSlow)
            BecomeNeighbors();
    }

    /// <summary>The ring is empty then, and fills from now on.</summary>
    public override IPEndPoint? FarSink()
    {
        if (!_isSlow)
            return null;
        _station!.TakeAll();
        _station.BeSlow();
        return s_station;
    }

    /// <summary>Returns when the message has been taken in.</summary>
    public override void InjectIcmp(byte type, byte code, IPEndPoint source, IPEndPoint destination, ushort mtu)
    {
        long before = Taken;
        _station!.Send(ProtocolType.Icmp, IcmpError.Write(type, code, source, destination, mtu), _memif!);
        if (!SpinWait.SpinUntil(() => Taken > before, TimeSpan.FromSeconds(5)))
            throw new TimeoutException("The message has not been taken in.");
    }

    // What waits for a neighbor's answer would not be on the ring.
    private void BecomeNeighbors()
    {
        using var client = new MemifUdpClient(_memif!, 0);
        client.Send([1], s_station);
        if (!SpinWait.SpinUntil(() => _memif!.Statistics.FramesParked == 0, TimeSpan.FromSeconds(5)))
            throw new TimeoutException("The station has not answered.");
    }

    private long Taken => _memif!.Statistics is var now ? now.FramesConsumed + now.DroppedOnReceive : 0;

    public void Dispose()
    {
        _memif?.Dispose();
        _station?.Dispose();
    }
}
