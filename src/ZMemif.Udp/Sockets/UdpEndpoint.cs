using System.Net.Sockets;
using ZMemif.Udp.Stack;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Sockets;

/// <summary>
/// The stack's side of a socket: its binding, its peer and its inbox. It does not know the socket object, so that one
/// that nobody refers to any more can be collected and gives its port back. Thread-safe.
/// </summary>
internal sealed partial class UdpEndpoint : IDatagramSink
{
    /// <summary>The number of the one interface that a host has here.</summary>
    internal const int InterfaceIndex = 1;

    private readonly UdpHost _host;
    private readonly Lock _lock = new();
    private readonly DatagramInbox _inbox;
    private readonly IpStack _stack;
    private volatile Binding _binding = new(Ipv4Address.Any, Port: 0, Peer: null);
    private volatile bool _isClosed;
    private volatile bool _isSendEnded;

    /// <param name="host">The interface it is on.</param>
    internal UdpEndpoint(UdpHost host)
    {
        _host = host;
        _stack = host.Stack;
        _inbox = new DatagramInbox(host.Pressure, host.Engine);
        Groups = new SocketGroups(_stack.Groups, this);
    }

    /// <summary>Both ends of the socket, replaced as a whole: a port of 0 means that it is not bound yet.</summary>
    private sealed record Binding(Ipv4Address Address, ushort Port, UdpPeer? Peer);

    /// <summary>Called once, when the endpoint has been closed.</summary>
    internal Action<UdpEndpoint>? Closed { get; init; }

    public Ipv4Address LocalAddress => _binding.Address;

    public UdpPeer? Peer => _binding.Peer;

    internal ushort LocalPort => _binding.Port;

    internal bool IsBound => _binding.Port != 0;

    internal DatagramInbox Inbox => _inbox;

    /// <summary>The groups that it has joined.</summary>
    internal SocketGroups Groups { get; }

    /// <summary>What is chosen for the packets that it sends.</summary>
    internal PacketOptions Options { get; set; } = PacketOptions.Default;

    /// <summary>What else is chosen.</summary>
    internal SocketSettings Settings { get; } = new();

    public bool SharesPort => Settings.ReusesAddress || Settings.ReusesPort;

    public bool HoldsBack => _inbox.Budget.HoldsBack;

    public MemifDropReason? Deliver(scoped in ReceivedDatagram datagram, scoped ReadOnlySpan<byte> payload, ref DirectReceive direct)
    {
        if (ReferenceEquals(direct.Sink, this))
            return _inbox.Deliver(datagram, payload, ref direct);
        DirectReceive nobody = default;
        return _inbox.Deliver(datagram, payload, ref nobody);
    }

    /// <summary>Binds to an address and a port; port 0 chooses one.</summary>
    internal SocketError Bind(Ipv4Address address, ushort port)
    {
        lock (_lock)
        {
            if (IsBound || _isClosed)
                return SocketError.InvalidArgument;
            if (!MayBind(address))
                return SocketError.AddressNotAvailable;
            _binding = _binding with { Address = address };
            if (_stack.Ports.TryBind(this, address, port) is { } bound)
            {
                _binding = _binding with { Port = bound };
                return SocketError.Success;
            }

            _binding = _binding with { Address = Ipv4Address.Any };
            return SocketError.AddressAlreadyInUse;
        }
    }

    /// <summary>Sets the peer, and with it the own address; binds to a chosen port if need be.</summary>
    internal SocketError Connect(UdpPeer peer)
    {
        if (peer.Address.IsAny)
            peer = peer with { Address = Ipv4Address.Loopback };
        Route route = _stack.Routes.Lookup(peer.Address, LocalAddress);
        if (route.Kind == RouteKind.None)
            return SocketError.NetworkUnreachable;
        lock (_lock)
        {
            // Such a source must not leave the host, so the kernel has no route from it.
            if (_binding.Address.IsLoopback && route.Kind != RouteKind.Local)
                return SocketError.InvalidArgument;
            SocketError error = BindIfNeeded();
            if (error == SocketError.Success)
                _binding = _binding with { Peer = peer, Address = _binding.Address.IsAny ? route.Source : _binding.Address };
            return error;
        }
    }

    /// <summary>Ends sending, receiving or both (shutdown(2)).</summary>
    internal SocketError Shutdown(SocketShutdown how)
    {
        if (Peer is null)
            return SocketError.NotConnected;
        if (how != SocketShutdown.Receive)
            _isSendEnded = true;
        if (how != SocketShutdown.Send)
            _inbox.End();
        return SocketError.Success;
    }

    /// <summary>Dissolves the connection, gives the port back, ends whoever waits, and drops what nobody has read; the options stay.</summary>
    internal void Disconnect()
    {
        lock (_lock)
        {
            ushort port = _binding.Port;
            _binding = new Binding(Ipv4Address.Any, Port: 0, Peer: null);
            if (port != 0)
                _stack.Ports.Unbind(this, port);
            _isSendEnded = false;
        }

        CountUnread(_inbox.Reset());
    }

    /// <summary>Whether there is a way to an address.</summary>
    internal bool HasRoute(Ipv4Address address) => _stack.Routes.Lookup(address).Kind != RouteKind.None;

    /// <summary>Whether an address is one of this host, or stands for all of them.</summary>
    internal bool IsLocal(Ipv4Address address) => _stack.Identity.IsLocal(address);

    /// <summary>Whether an address would be a broadcast on this interface.</summary>
    internal bool IsBroadcast(Ipv4Address address) => _stack.Identity.IsBroadcast(address) || address.IsLoopbackBroadcast;

    /// <summary>Gives the port back, ends whoever waits, and drops what nobody has read. Harmless when done already.</summary>
    internal void Close()
    {
        ushort port;
        lock (_lock)
        {
            if (_isClosed)
                return;
            _isClosed = true;
            port = _binding.Port;
        }

        if (port != 0)
            _stack.Ports.Unbind(this, port);
        Groups.Close();
        CountUnread(_inbox.Close());
        Closed?.Invoke(this);
    }

    private void CountUnread(int unread)
    {
        for (; unread > 0; unread--)
            _stack.Counters.Drop(MemifDropReason.SocketClosed);
    }

    private bool MayBind(Ipv4Address address) =>
        _stack.Identity.IsLocal(address) || address.IsMulticast || _stack.Identity.IsBroadcast(address);

    private SocketError BindIfNeeded()
    {
        if (_isClosed)
            return SocketError.OperationAborted;
        return IsBound ? SocketError.Success : Bind(Ipv4Address.Any, 0);
    }
}
