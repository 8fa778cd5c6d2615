using System.Net;
using System.Net.Sockets;
using PacketDotNet;
using Packet = PacketDotNet.Packet;

namespace ZMemif.Udp.HostTests.Kernel;

/// <summary>The Linux kernel as the host that the script of the odd frames describes, telling in its words what can be seen.</summary>
internal sealed class ScapyKernel : IAsyncDisposable
{
    /// <summary>A TAP takes nothing shorter.</summary>
    internal const int ShortestFrame = 14;

    private const int IpLevel = 0;
    private const int AddMembership = 35;
    private const int AddSourceMembership = 39;
    private const int LongestFrame = 65521;

    private static readonly IPAddress s_asker = IPAddress.Parse("192.0.2.99");

    // Somebody asks for the host's station. What comes before the answer is all that the frames before have caused.
    private static readonly byte[] s_question = Convert.FromHexString(
        "FFFFFFFFFFFF020000000063" + "0806" + "0001080006040001" + "020000000063C0000263" + "000000000000C0000202");

    private readonly NetworkNamespace _network;
    private readonly Tap _tap;
    private readonly Socket _open;
    private readonly Socket _connected;
    private readonly byte[] _buffer = new byte[Tap.MaxFrameLength];

    private ScapyKernel(NetworkNamespace network, Tap tap, Socket open, Socket connected) =>
        (_network, _tap, _open, _connected) = (network, tap, open, connected);

    internal static async Task<ScapyKernel> CreateAsync()
    {
        NetworkNamespace network = await NetworkNamespace.CreateAsync();
        network.SetParameter("ipv6/conf/all/disable_ipv6", 1);
        network.SetParameter("ipv6/conf/default/disable_ipv6", 1);
        network.SetParameter("ipv4/conf/all/rp_filter", 0);
        network.SetParameter("ipv4/conf/default/rp_filter", 0);
        network.SetParameter("ipv4/icmp_ratelimit", 0);
        Tap tap = network.Run(() => Tap.Open("tap0"));
        await network.ConfigureAsync(
            "link set lo up",
            $"link set tap0 address 02:00:c0:00:02:02 mtu {LongestFrame}",
            "link set tap0 up",
            "address add 192.0.2.2/24 broadcast 192.0.2.255 dev tap0",
            "route add default via 192.0.2.254",
            "neigh add 192.0.2.9 lladdr 02:00:00:00:00:09 dev tap0",
            "neigh add 192.0.2.254 lladdr 02:00:00:00:00:fe dev tap0");
        Socket open = network.Run(() => NewSocket(7));
        Socket connected = network.Run(() => NewSocket(8));
        connected.Connect(IPAddress.Parse("192.0.2.9"), 5000);
        byte[] own = [192, 0, 2, 2];
        open.SetRawSocketOption(IpLevel, AddMembership, [239, 1, 2, 3, .. own]);
        open.SetRawSocketOption(IpLevel, AddSourceMembership, [239, 1, 2, 4, .. own, 192, 0, 2, 9]);
        return new ScapyKernel(network, tap, open, connected);
    }

    /// <summary>Takes a frame, and tells what happened, in no special order.</summary>
    internal List<string> Take(byte[] frame)
    {
        _tap.Write(frame, frame.Length);
        _tap.Write(s_question, s_question.Length);
        var happened = new List<string>();
        while (Packet.ParsePacket(LinkLayers.Ethernet, Read()) is { } sent && !IsAnswer(sent))
        {
            if (Describe(sent) is { } description)
                happened.Add(description);
        }

        happened.AddRange(Received(_open));
        happened.AddRange(Received(_connected));
        return happened;
    }

    public async ValueTask DisposeAsync()
    {
        _open.Dispose();
        _connected.Dispose();
        _tap.Dispose();
        await _network.DisposeAsync();
    }

    private static Socket NewSocket(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, System.Net.Sockets.ProtocolType.Udp) { Blocking = false };
        socket.Bind(new IPEndPoint(IPAddress.Any, port));
        return socket;
    }

    private byte[] Read() => _buffer[.._tap.Read(_buffer)];

    private IEnumerable<string> Received(Socket socket)
    {
        while (true)
        {
            int length = socket.Receive(_buffer, SocketFlags.None, out SocketError error);
            if (error == SocketError.WouldBlock)
                yield break;
            yield return error == SocketError.Success ? $"delivered {length}" : $"error {error}";
        }
    }

    private static bool IsAnswer(Packet sent) =>
        sent.Extract<ArpPacket>() is { Operation: ArpOperation.Response } arp && arp.TargetProtocolAddress.Equals(s_asker);

    // Reports of its own groups come at random.
    private static string? Describe(Packet sent)
    {
        if (sent.Extract<ArpPacket>() is { } arp)
            return arp.Operation == ArpOperation.Response ? "answered arp-reply" : null;
        return sent.Extract<IcmpV4Packet>() is { } icmp ? $"answered {Describe(icmp.Bytes[0], icmp.Bytes[1])}" : null;
    }

    private static string Describe(byte type, byte code) => (type, code) switch
    {
        (0, _) => "echo-reply",
        (3, 2) => "protocol-unreachable",
        (3, 3) => "port-unreachable",
        (12, _) => "parameter-problem",
        (14, _) => "timestamp-reply",
        _ => $"ICMP {type}/{code}",
    };
}
