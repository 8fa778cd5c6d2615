using System.Diagnostics;

namespace ZMemif.Udp.Differential.Memif;

/// <summary>
/// An interface of ours as the host: one memif, at whose other end is a station that answers ARP and takes whatever comes. The
/// namespaces only keep resolvers away, as in the other half.
/// </summary>
internal sealed class MemifHost : ProbeHost, IDisposable
{
    private readonly string _socket = $"@zmemif-differential-{Environment.ProcessId}";
    private Station? _station;
    private MemifInterface? _memif;

    /// <summary>There are no event counters.</summary>
    public override string EventSourceName => "ZMemif.Udp";

    public override IPAddress OwnAddress { get; } = IPAddress.Parse("192.0.2.2");

    public override IPAddress SecondAddress => OwnAddress;

    /// <summary>There is but one interface.</summary>
    public override int SecondIndex => 1;

    public override string? Obstacle => Environment.IsPrivilegedProcess ? null : "only root can make network namespaces";

    public override ProcessStartInfo Launch(Condition condition, IReadOnlyList<string> command) =>
        new("unshare", ["--net", "--", "sh", "-c", "ip link set lo up; exec \"$@\"", "sh", .. command]);

    public override void Enter(Condition condition)
    {
        _station = new Station(_socket);
        string gateway = condition is Condition.Routed or Condition.Ipv4Only ? ";Gateway=192.0.2.1" : "";
        _memif = MemifInterface.OpenAsync($"Socket={_socket};Address={OwnAddress}/24{gateway}").GetAwaiter().GetResult();
        MemifInterface.Default = _memif;
    }

    public override void InjectIcmp(byte type, byte code, IPEndPoint source, IPEndPoint destination, ushort mtu) =>
        _station!.Send(ProtocolType.Icmp, IcmpError.Write(type, code, source, destination, mtu), _memif!);

    public void Dispose()
    {
        _memif?.Dispose();
        _station?.Dispose();
    }
}
