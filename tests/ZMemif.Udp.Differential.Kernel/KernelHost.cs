using System.Diagnostics;
using System.Net.NetworkInformation;

namespace ZMemif.Udp.Differential.Kernel;

/// <summary>The kernel as the host of its own sockets: each condition is a private network namespace, so only root can make one.</summary>
internal sealed class KernelHost : ProbeHost
{
    private const string SecondInterface = "d0";

    public override string EventSourceName => "System.Net.Sockets";

    public override IPAddress OwnAddress => IPAddress.Loopback;

    public override IPAddress SecondAddress => IPAddress.Parse("127.9.9.9");

    public override int SecondIndex => NetworkInterface.GetAllNetworkInterfaces()
        .Single(network => network.Name == SecondInterface).GetIPProperties().GetIPv4Properties().Index;

    public override string? Obstacle => Environment.IsPrivilegedProcess ? null : "only root can make network namespaces";

    public override ProcessStartInfo Launch(Condition condition, IReadOnlyList<string> command)
    {
        var start = new ProcessStartInfo("unshare", ["--net", "--", "sh", "-c", $"set -e; {SetUp(condition)}; exec \"$@\"", "sh", .. command]);
        if (condition == Condition.Ipv4Only)
            start.Environment["DOTNET_SYSTEM_NET_DISABLEIPV6"] = "1";

        return start;
    }

    public override void Enter(Condition condition)
    {
    }

    public override void InjectIcmp(byte type, byte code, IPEndPoint source, IPEndPoint destination, ushort mtu)
    {
        using var raw = new Socket(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Icmp);
        raw.SendTo(IcmpError.Write(type, code, source, destination, mtu), new IPEndPoint(OwnAddress, 0));
    }

    private static string SetUp(Condition condition) => "ip link set lo up; " + condition switch
    {
        Condition.Routed or Condition.Ipv4Only => "ip route add default dev lo; ip route add multicast 224.0.0.0/4 dev lo",
        Condition.SmallMtu => "ip link set lo mtu 1500",
        // Loopback loops whatever MulticastLoopback says; a veth does not.
        Condition.SecondInterface => $"ip link add {SecondInterface} type veth peer name d1; ip link set d1 up; ip link set {SecondInterface} up; "
            + $"ip addr add 127.9.9.9/32 dev {SecondInterface}; ip route add 224.0.0.0/4 dev {SecondInterface}",
        Condition.SlowTransmit => "tc qdisc add dev lo root tbf rate 24kbit burst 2000 limit 100000",
        _ => ":",
    };
}
