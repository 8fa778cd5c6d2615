using System.Diagnostics;
using System.Net.Sockets;
using ZMemif.Udp.Stack;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Sockets;

/// <summary>
/// The stack's side of a socket: its binding, its peer and its inbox. It does not know the socket object, so that one
/// that nobody refers to any more can be collected and gives its port back. Thread-safe.
/// </summary>
/// <param name="stack">The host it is on.</param>
/// <param name="engine">What takes frames off the host's link.</param>
/// <param name="pressure">Holds the link back while a receive buffer is full; null when what is too much is dropped.</param>
/// <param name="stall">How long a full ring may stand still before a send that waits for room gives up.</param>
internal sealed partial class UdpEndpoint(IpStack stack, RxEngine engine, BackPressure? pressure, TimeSpan stall) : IDatagramSink
{
    private readonly Lock _lock = new();
    private readonly DatagramInbox _inbox = new(pressure, engine);
    private volatile Binding _binding = new(Ipv4Address.Any, Port: 0, Peer: null);
    private volatile bool _isClosed;

    /// <summary>Both ends of the socket, replaced as a whole: a port of 0 means that it is not bound yet.</summary>
    private sealed record Binding(Ipv4Address Address, ushort Port, UdpPeer? Peer);

    /// <summary>Called once, when the endpoint has been closed.</summary>
    internal Action<UdpEndpoint>? Closed { get; init; }

    public Ipv4Address LocalAddress => _binding.Address;

    public UdpPeer? Peer => _binding.Peer;

    internal ushort LocalPort => _binding.Port;

    internal bool IsBound => _binding.Port != 0;

    internal DatagramInbox Inbox => _inbox;

    /// <summary>How long a full ring may stand still before a send that waits for room gives up.</summary>
    internal TimeSpan Stall => stall;

    public bool HoldsBack => _inbox.HoldsBack;

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
            if (stack.Ports.TryBind(this, address, port) is { } bound)
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
        Route route = stack.Routes.Lookup(peer.Address, LocalAddress);
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

    /// <summary>Sends a datagram, waiting for room on the ring if <paramref name="milliseconds"/> allows it.</summary>
    /// <param name="to">The destination; its port is not 0.</param>
    /// <param name="payload">The payload.</param>
    /// <param name="milliseconds">How long to wait at most: 0 not at all, −1 without limit (a peer that stands still ends it all the same).</param>
    internal SocketError Send(UdpPeer to, ReadOnlySpan<byte> payload, int milliseconds)
    {
        SocketError error = TrySend(to, payload);
        if (error == SocketError.WouldBlock && milliseconds != 0)
            error = SendWhenThereIsRoom(to, payload, milliseconds);
        return error == SocketError.OperationAborted ? SocketError.Interrupted : error;
    }

    /// <summary>Sends a datagram if there is room for it at once.</summary>
    /// <returns>
    /// <see cref="SocketError.WouldBlock"/> when the ring is full, <see cref="SocketError.OperationAborted"/> when the socket is closed.
    /// </returns>
    internal SocketError TrySend(UdpPeer to, ReadOnlySpan<byte> payload)
    {
        if (_isClosed)
            return SocketError.OperationAborted;
        if (payload.Length > UdpProtocol.MaxPayload)
            return SocketError.MessageSize;
        if (!IsBound)
        {
            SocketError error = CanSend(to, payload.Length);
            if (error == SocketError.Success)
            {
                lock (_lock)
                    error = BindIfNeeded();
            }

            if (error != SocketError.Success)
                return error;
        }

        Binding binding = _binding;
        return Translate(stack.Udp.Send(new UdpFlow(SourceOf(binding), binding.Port, to.Address, to.Port), payload));
    }

    /// <summary>Whether an address would be a broadcast on this interface.</summary>
    internal bool IsBroadcast(Ipv4Address address) => stack.Identity.IsBroadcast(address) || address.IsLoopbackBroadcast;

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
            stack.Ports.Unbind(this, port);
        for (int unread = _inbox.Close(); unread > 0; unread--)
            stack.Counters.Drop(MemifDropReason.SocketClosed);
        Closed?.Invoke(this);
    }

    private SocketError SendWhenThereIsRoom(UdpPeer to, ReadOnlySpan<byte> payload, int milliseconds)
    {
        long began = Stopwatch.GetTimestamp();
        var spin = default(SpinWait);
        SocketError error;
        while ((error = TrySend(to, payload)) == SocketError.WouldBlock)
        {
            TimeSpan waited = Stopwatch.GetElapsedTime(began);
            if (waited >= stall)
                return SocketError.NetworkDown;
            if (milliseconds > 0 && waited.TotalMilliseconds >= milliseconds)
                return SocketError.TimedOut;
            engine.DrainWhileSending();
            spin.SpinOnce();
        }

        return error;
    }

    // A socket may be bound to what it wants to receive, but can only send from an address of its own.
    private Ipv4Address SourceOf(Binding binding) =>
        stack.Identity.IsLocal(binding.Address) ? binding.Address : Ipv4Address.Any;

    private bool MayBind(Ipv4Address address) =>
        stack.Identity.IsLocal(address) || address.IsMulticast || stack.Identity.IsBroadcast(address);

    // A send that fails must not have bound the socket.
    private SocketError CanSend(UdpPeer to, int length) => Translate(stack.Udp.CanSend(to.Address, length));

    private SocketError BindIfNeeded()
    {
        if (_isClosed)
            return SocketError.OperationAborted;
        return IsBound ? SocketError.Success : Bind(Ipv4Address.Any, 0);
    }

    private static SocketError Translate(SendStatus status) => status switch
    {
        SendStatus.Sent => SocketError.Success,
        SendStatus.RingFull => SocketError.WouldBlock,
        SendStatus.LinkDown => SocketError.NetworkDown,
        SendStatus.NoRoute => SocketError.NetworkUnreachable,
        SendStatus.BadSource => SocketError.InvalidArgument,
        SendStatus.TooLong => SocketError.MessageSize,
        _ => throw new UnreachableException(),
    };
}
