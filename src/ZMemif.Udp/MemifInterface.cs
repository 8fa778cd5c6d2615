using System.Net;
using System.Net.NetworkInformation;
using ZMemif.Udp.Diagnostics;
using ZMemif.Udp.Link;
using ZMemif.Udp.Sockets;
using ZMemif.Udp.Stack;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp;

/// <summary>
/// One memif port with one IPv4 identity: what a network interface is to the kernel. Sockets are opened on it. Thread-safe.
/// </summary>
public sealed partial class MemifInterface : IDisposable, IAsyncDisposable
{
    private readonly MemifInterfaceOptions _options;
    private readonly ILink _link;
    private readonly IpStack _stack;
    private readonly RxEngine _engine;
    private readonly UdpHost _sockets;
    private readonly Lock _lock = new();
    private readonly HashSet<UdpEndpoint> _open = [];
    private volatile MemifInterfaceState _state;
    private int _connection;
    private Task? _closing;

    private MemifInterface(MemifInterfaceOptions options, ILink link, TimeProvider time)
    {
        _options = options;
        _link = link;
        var identity = new StackIdentity(
            new Ipv4Prefix(Ipv4Address.FromIPAddress(options.Address!), options.PrefixLength),
            options.Gateway is { } gateway ? Ipv4Address.FromIPAddress(gateway) : null,
            StationAddress(options),
            options.Mtu)
        {
            Routes = [.. options.Routes.Select(route => RouteOf(route.Key, route.Value))],
            HasStations = options.Mode == MemifMode.Ethernet,
            IsShared = options.Shared,
            OffloadsChecksums = options.Checksum == MemifChecksumMode.Offload,
        };
        var ports = new PortTable(options.EphemeralPortFirst, options.EphemeralPortLast);
        _stack = new IpStack(identity, link, ports, new InterfaceCounters(), time, options.Stall, FollowLinkSoon, scheduled: WakeEngine);
        _stack.Arp.AddressConflict = ReportConflict;
        foreach ((IPAddress neighbor, PhysicalAddress mac) in options.Neighbors)
            _stack.Arp.SetPermanent(Ipv4Address.FromIPAddress(neighbor), MacAddress.Read(mac.GetAddressBytes()));
        BackPressure? pressure = options.Overflow == MemifOverflow.Hold ? new BackPressure(resumed: WakeEngine) : null;
        _engine = new RxEngine(link.Receivers, _stack, pressure, time, $"memif rx {options.Address}");
        _sockets = new UdpHost(_stack, _engine, pressure);
    }

    /// <summary>The state changed; <see cref="State"/> tells. Raised from the thread pool, in order.</summary>
    public event EventHandler? StateChanged;

    /// <summary>
    /// Another station claims the interface's own address, which this one goes on to defend. Raised from the thread pool, at most
    /// once in 10 seconds; <see cref="MemifInterfaceStatistics.AddressConflicts"/> counts each claim.
    /// </summary>
    public event EventHandler<MemifAddressConflictEventArgs>? AddressConflict;

    /// <summary>The interface's own address.</summary>
    public IPAddress Address => _options.Address!;

    /// <summary>Length of the network part of <see cref="Address"/>, in bits.</summary>
    public int PrefixLength => _options.PrefixLength;

    /// <summary>The interface's own station address; of no use with <see cref="MemifMode.Ip"/>.</summary>
    public PhysicalAddress Mac => ToPhysicalAddress(_stack.Identity.Mac);

    /// <summary>Whether datagrams can be carried.</summary>
    public MemifInterfaceState State => _state;

    /// <summary>
    /// Why the link is not up, if that is known; while it is up, and when the interface has been closed, why the capture to a
    /// file ended early, if it did.
    /// </summary>
    public Exception? LastError => _link.LastError;

    /// <summary>What happened so far.</summary>
    public MemifInterfaceStatistics Statistics => new(_stack, _link);

    /// <summary>Closes the interface and all its sockets, and waits until that is done.</summary>
    public void Dispose() => CloseOnce().GetAwaiter().GetResult();

    /// <summary>Closes the interface and all its sockets: whoever waits in a receive is woken with an error.</summary>
    public ValueTask DisposeAsync() => new(CloseOnce());

    /// <summary>The interface in a line, for people.</summary>
    public override string ToString() => $"{Address}/{PrefixLength} ({State})";

    /// <summary>Whether the interface has been disposed, and with it all its sockets.</summary>
    internal bool IsClosed => _state == MemifInterfaceState.Closed;

    internal UdpEndpoint CreateEndpoint()
    {
        var endpoint = new UdpEndpoint(_sockets) { Closed = Forget };
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(IsClosed, this);
            _open.Add(endpoint);
        }

        return endpoint;
    }

    private void Forget(UdpEndpoint endpoint)
    {
        lock (_lock)
            _open.Remove(endpoint);
    }

    private void Start()
    {
        _link.StateChanged += (_, _) => FollowLink();
        _engine.Start();
        FollowLink();
    }

    // Called after every change of the link, from any thread; looks at the link as it is now.
    private void FollowLink()
    {
        lock (_lock)
        {
            if (_state == MemifInterfaceState.Closed)
                return;
            bool isUp = _link.IsUp;
            if (isUp && _link.ConnectionCount != _connection)
            {
                _connection = _link.ConnectionCount;
                _stack.LinkUp();
            }

            MemifInterfaceState next = isUp ? (_stack.IsStalled ? MemifInterfaceState.Stalled : MemifInterfaceState.Up)
                : _state == MemifInterfaceState.Connecting ? MemifInterfaceState.Connecting
                : MemifInterfaceState.Down;
            if (next == _state)
                return;
            _state = next;
        }

        StateChanged?.Invoke(this, EventArgs.Empty);
    }

    // The peer stands still, or moves again: told from within a send, which must not wait.
    private void FollowLinkSoon()
    {
        WakeEngine();
        ThreadPool.UnsafeQueueUserWorkItem(static opened => opened.FollowLink(), this, preferLocal: false);
    }

    // Told by the thread that drains the link, which must not wait.
    private void ReportConflict(MacAddress station) => ThreadPool.QueueUserWorkItem(
        _ => AddressConflict?.Invoke(this, new MemifAddressConflictEventArgs(ToPhysicalAddress(station))));

    private void WakeEngine() => _engine.Wake();

    private Task CloseOnce()
    {
        lock (_lock)
        {
            _state = MemifInterfaceState.Closed;
            return _closing ??= CloseAsync();
        }
    }

    private async Task CloseAsync()
    {
        // Off the caller's lock: what follows waits for threads.
        await Task.Yield();
        _engine.StopDraining();
        UdpEndpoint[] open;
        lock (_lock)
            open = [.. _open];
        foreach (UdpEndpoint endpoint in open)
            endpoint.Close();
        _engine.Stop();
        await _link.DisposeAsync().ConfigureAwait(false);
        StateChanged?.Invoke(this, EventArgs.Empty);
    }

    private static PhysicalAddress ToPhysicalAddress(MacAddress mac)
    {
        byte[] bytes = new byte[MacAddress.Length];
        mac.Write(bytes);
        return new PhysicalAddress(bytes);
    }

    private static StaticRoute RouteOf(IPNetwork network, IPAddress nextHop) =>
        new(new Ipv4Prefix(Ipv4Address.FromIPAddress(network.BaseAddress), network.PrefixLength), Ipv4Address.FromIPAddress(nextHop));

    // Locally administered, and unique on a link because the address is.
    private static MacAddress StationAddress(MemifInterfaceOptions options) => options.Mac is { } mac
        ? MacAddress.Read(mac.GetAddressBytes())
        : new MacAddress((0x02_00UL << 32) | Ipv4Address.FromIPAddress(options.Address!).Value);
}
