using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Runtime.ExceptionServices;
using ZMemif.Udp.HostTests.Captures;
using ZMemif.Udp.HostTests.Support;

namespace ZMemif.Udp.HostTests.Kernel;

/// <summary>
/// A Linux host and a host of ours on one cable: a network namespace whose <see cref="Device"/> is a TAP, a pump that
/// carries its frames to a memif server port and back, and the <see cref="MemifInterface"/> under test as that port's
/// client. The kernel knows nothing of memif and we nothing of the kernel: they meet as Ethernet stations.
/// </summary>
/// <remarks>
/// The TAP is made inside the namespace, so the machine's own namespace never sees it. It offers the kernel no checksum
/// offload (that takes TUNSETOFFLOAD), so what the kernel sends is complete on the cable; the tests' tshark says so too.
/// </remarks>
internal sealed class KernelHost : IAsyncDisposable
{
    /// <summary>The kernel's network interface.</summary>
    internal const string Device = "tap0";

    private const int PrefixLength = 24;

    private readonly Stack<IAsyncDisposable> _owned = new();

    private KernelHost(NetworkNamespace network)
    {
        Network = network;
        _owned.Push(network);
    }

    /// <summary>The kernel's address.</summary>
    internal static IPAddress KernelAddress { get; } = IPAddress.Parse("198.18.0.1");

    /// <summary>The address of the host under test.</summary>
    internal static IPAddress HostAddress { get; } = IPAddress.Parse("198.18.0.2");

    /// <summary>Where the kernel's end is.</summary>
    internal NetworkNamespace Network { get; }

    /// <summary>The host under test.</summary>
    internal MemifInterface Host { get; private set; } = null!;

    /// <summary>What passed the cable.</summary>
    internal FrameCapture Capture { get; } = new();

    /// <summary>Builds both hosts and the cable; skips the test, or in CI fails it, where the machine does not allow that.</summary>
    /// <param name="tools">Further programs that the test runs.</param>
    internal static async Task<KernelHost> StartAsync(params string[] tools)
    {
        Requires.NetworkNamespaces();
        foreach (string tool in tools)
            Requires.Installed(tool);
        var host = new KernelHost(await NetworkNamespace.CreateAsync());
        try
        {
            await host.BuildAsync();
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>An ordinary socket of the kernel's, bound to <see cref="KernelAddress"/>.</summary>
    internal UdpClient OpenKernelClient()
    {
        UdpClient client = Network.Run(() => new UdpClient(new IPEndPoint(KernelAddress, 0)));
        client.Client.ReceiveTimeout = Patience.LimitMilliseconds;
        return client;
    }

    /// <summary>A socket of the host under test.</summary>
    internal MemifUdpClient OpenHostClient(int port = 0)
    {
        var client = new MemifUdpClient(Host, port);
        client.Client.ReceiveTimeout = Patience.LimitMilliseconds;
        return client;
    }

    /// <summary>A station address as Linux writes it.</summary>
    internal static string Format(PhysicalAddress mac) => BitConverter.ToString(mac.GetAddressBytes()).Replace('-', ':').ToLowerInvariant();

    /// <summary>What the kernel knows of the host under test, as a line of <c>ip neigh</c>; empty for nothing.</summary>
    internal async Task<string> NeighborAsync() =>
        (await Tool.RunAsync("ip", ["-n", Network.Name, "neigh", "show", "to", $"{HostAddress}", "dev", Device])).RequireSuccess().Trim();

    /// <summary>Fails the test unless tshark finds every captured frame good.</summary>
    internal async Task JudgeCaptureAsync()
    {
        IReadOnlyList<CapturedFrame> frames = Capture.Frames;
        Assert.Contains(frames, frame => frame.Sender == FrameSender.Host);
        IReadOnlyList<string> findings = await Tshark.JudgeAsync(frames);
        Assert.True(findings.Count == 0, $"tshark finds {findings.Count} of {frames.Count} frames wrong:\n{string.Join('\n', findings.Take(10))}");
    }

    /// <summary>
    /// The host's statistics once every frame on the cable is accounted for; the test fails when that does not happen.
    /// Counters move a moment after what they count, so a first look may come too early. Meant for scenarios in which
    /// nothing that we send dies, for such a death is a drop without a frame that came in.
    /// </summary>
    internal MemifInterfaceStatistics SettledStatistics()
    {
        Patience.Until(() => IsSettled(Host.Statistics), "every frame on the cable is accounted for in the statistics");
        return Host.Statistics;
    }

    /// <summary>Takes everything away, last things first, whatever goes wrong meanwhile; then throws the first thing that did.</summary>
    public async ValueTask DisposeAsync()
    {
        ExceptionDispatchInfo? first = null;
        while (_owned.TryPop(out IAsyncDisposable? owned))
        {
            try
            {
                await owned.DisposeAsync();
            }
            catch (Exception e)
            {
                first ??= ExceptionDispatchInfo.Capture(e);
            }
        }

        first?.Throw();
    }

    private bool IsSettled(MemifInterfaceStatistics statistics)
    {
        IReadOnlyList<CapturedFrame> frames = Capture.Frames;
        return statistics.RingFramesReceived == frames.Count(frame => frame.Sender == FrameSender.Kernel)
            && statistics.RingFramesTransmitted == frames.Count(frame => frame.Sender == FrameSender.Host)
            && statistics.RingFramesReceived
                == statistics.FramesConsumed + statistics.DatagramsDelivered - statistics.DatagramsLooped + statistics.FragmentsAbsorbed
                    + statistics.Drops.Values.Sum();
    }

    private async Task BuildAsync()
    {
        Tap tap = await BuildKernelEndAsync();
        string address = $"@{Network.Name}";
        var socket = new MemifSocket(address);
        _owned.Push(socket);
        MemifPort port = socket.AddPort(new MemifPortOptions { Role = MemifRole.Server });
        _owned.Push(new TapPump(tap, port, Capture));
        socket.Start();

        Host = await MemifInterface.OpenAsync(new MemifInterfaceOptions
        {
            Socket = address,
            Address = HostAddress,
            PrefixLength = PrefixLength,
            Gateway = KernelAddress,
            ConnectTimeout = Patience.Limit,
        });
        _owned.Push(Host);
    }

    // IPv6 goes, so that nothing but what a test causes is on the cable.
    private async Task<Tap> BuildKernelEndAsync()
    {
        Network.SetParameter("ipv6/conf/all/disable_ipv6", 1);
        Network.SetParameter("ipv6/conf/default/disable_ipv6", 1);
        Tap tap = Network.Run(() => Tap.Open(Device));
        _owned.Push(new Release(tap));
        await Network.ConfigureAsync("link set lo up", $"address add {KernelAddress}/{PrefixLength} dev {Device}", $"link set {Device} up");
        return tap;
    }

    private sealed class Release(IDisposable owned) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            owned.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
