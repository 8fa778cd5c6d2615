using System.Net;
using System.Net.Sockets;
using ZMemif.Udp.Sockets;
using ZMemif.Udp.Stack;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp;

/// <summary>
/// A UDP socket on a <see cref="MemifInterface"/>, with the members and the meaning of <see cref="System.Net.Sockets"/>'
/// <c>Socket</c> of type <c>Dgram</c>. Thread-safe to the same extent: sends and receives may run at the same time.
/// </summary>
public partial class MemifDatagramSocket : IDisposable
{
    private readonly MemifInterface _interface;
    private readonly UdpEndpoint _endpoint;
    private IPEndPoint? _localEndPoint;
    private IPEndPoint? _remoteEndPoint;
    private int _disposed;
    private volatile bool _connected;
    private volatile bool _isDisconnected;
    private volatile bool _hasLostItsPort;

    /// <summary>Creates a socket on <see cref="MemifInterface.Default"/>.</summary>
    /// <inheritdoc cref="MemifDatagramSocket(MemifInterface, AddressFamily, SocketType, ProtocolType)"/>
    public MemifDatagramSocket(AddressFamily addressFamily, SocketType socketType, ProtocolType protocolType)
        : this(Checked(addressFamily, socketType, protocolType), addressFamily, socketType, protocolType)
    {
    }

    /// <summary>Creates a socket of IPv4 on <see cref="MemifInterface.Default"/>.</summary>
    /// <inheritdoc cref="MemifDatagramSocket(MemifInterface, AddressFamily, SocketType, ProtocolType)"/>
    public MemifDatagramSocket(SocketType socketType, ProtocolType protocolType)
        : this(AddressFamily.InterNetwork, socketType, protocolType)
    {
    }

    /// <summary>Creates a socket on an interface.</summary>
    /// <param name="memifInterface">The interface.</param>
    /// <param name="addressFamily">Only <see cref="AddressFamily.InterNetwork"/>: an IPv4-only host is modelled.</param>
    /// <param name="socketType">Only <see cref="SocketType.Dgram"/>.</param>
    /// <param name="protocolType"><see cref="ProtocolType.Udp"/>, or <see cref="ProtocolType.Unspecified"/> for the same.</param>
    /// <exception cref="SocketException">The combination is not supported, with the code that Linux gives.</exception>
    public MemifDatagramSocket(MemifInterface memifInterface, AddressFamily addressFamily, SocketType socketType, ProtocolType protocolType)
    {
        ArgumentNullException.ThrowIfNull(memifInterface);
        RequireSupported(addressFamily, socketType, protocolType);
        AddressFamily = addressFamily;
        SocketType = socketType;
        ProtocolType = protocolType == ProtocolType.Unspecified ? ProtocolType.IP : protocolType;
        _interface = memifInterface;
        _endpoint = memifInterface.CreateEndpoint();
    }

    /// <summary>A socket that nobody refers to any more gives its port back.</summary>
#pragma warning disable MA0055 // Part of Socket's contract.
    ~MemifDatagramSocket() => Dispose(disposing: false);
#pragma warning restore MA0055

    /// <summary>Always <see cref="AddressFamily.InterNetwork"/>.</summary>
    public AddressFamily AddressFamily { get; }

    /// <summary>Always <see cref="SocketType.Dgram"/>.</summary>
    public SocketType SocketType { get; }

    /// <summary>The protocol, as <c>Socket</c> reports it: an unspecified one reads back as <see cref="ProtocolType.IP"/>.</summary>
    public ProtocolType ProtocolType { get; }

    /// <summary>Whether the socket has a local port, or has had one until <see cref="Disconnect"/>.</summary>
    public bool IsBound => _endpoint.IsBound || _hasLostItsPort;

    /// <summary>
    /// Whether the socket has a peer and no send has failed since. A failure only ends the appearance, as it does for
    /// <c>Socket</c>: the peer stays, and sends and receives work on.
    /// </summary>
    public bool Connected => !IsDisposed && _connected;

    /// <summary>Whether a synchronous call waits; otherwise it fails with <see cref="SocketError.WouldBlock"/>.</summary>
    /// <exception cref="ObjectDisposedException">Set on a disposed socket.</exception>
    public bool Blocking
    {
        get;
        set
        {
            ThrowIfDisposed();
            field = value;
        }
    } = true;

    /// <summary>The own end, or null when the socket is not bound.</summary>
    public EndPoint? LocalEndPoint
    {
        get
        {
            ThrowIfDisposed();
            if (!IsBound)
                return null;
            var current = new UdpPeer(_endpoint.LocalAddress, _endpoint.LocalPort);
            return Cached(ref _localEndPoint, current);
        }
    }

    /// <summary>The peer, or null when the socket is not <see cref="Connected"/>.</summary>
    /// <exception cref="SocketException"><see cref="SocketError.NotConnected"/>: the peer has no port.</exception>
    public EndPoint? RemoteEndPoint
    {
        get
        {
            ThrowIfDisposed();
            if (!_connected || _endpoint.Peer is not { } peer)
                return null;
            return peer.Port != 0 ? Cached(ref _remoteEndPoint, peer) : throw Failure(SocketError.NotConnected);
        }
    }

    /// <summary>Binds the socket to an address of the interface (or any) and a port; port 0 chooses one.</summary>
    /// <exception cref="SocketException">
    /// The address is not the interface's, the port is taken, or the socket is bound already.
    /// </exception>
    public void Bind(EndPoint localEP)
    {
        ThrowIfDisposed();
        ArgumentNullException.ThrowIfNull(localEP);
        Throw(TryReadPeer(localEP, "remoteEP", out UdpPeer local));
        Throw(_endpoint.Bind(local.Address, local.Port));
    }

    /// <summary>Ends the socket: whoever waits in it is woken with an error, and the port is free again.</summary>
    public void Close() => Dispose();

    /// <summary>Ends the socket, and does not wait for anything: there is nothing to linger for.</summary>
    /// <param name="timeout">In seconds; −1 without limit.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is below −1.</exception>
    public void Close(int timeout)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(timeout, Timeout.Infinite);
        Dispose();
    }

    /// <inheritdoc cref="Close()"/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends the socket.</summary>
    /// <param name="disposing">False from the finalizer.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _safeHandle?.Dispose();
            _endpoint?.Close(); // Null when the constructor threw.
        }
    }

    private static MemifInterface Checked(AddressFamily addressFamily, SocketType socketType, ProtocolType protocolType)
    {
        RequireSupported(addressFamily, socketType, protocolType);
        return MemifInterface.Default;
    }

    private static void RequireSupported(AddressFamily addressFamily, SocketType socketType, ProtocolType protocolType)
    {
        if (addressFamily != AddressFamily.InterNetwork)
            Throw(addressFamily == AddressFamily.Unspecified ? SocketError.ProtocolNotSupported : SocketError.AddressFamilyNotSupported);
        if (socketType == SocketType.Unknown)
            Throw(SocketError.ProtocolType);
        if (socketType != SocketType.Dgram)
            Throw(SocketError.SocketNotSupported);
        if (protocolType is not (ProtocolType.Udp or ProtocolType.Unspecified))
            Throw(SocketError.ProtocolNotSupported);
    }

    private static void Throw(SocketError error)
    {
        if (error != SocketError.Success)
            throw new SocketException((int)error);
    }

    private static IPEndPoint Cached(ref IPEndPoint? cache, UdpPeer current)
    {
        IPEndPoint? cached = cache;
        return cached is not null && cached.Port == current.Port && Ipv4Address.FromIPAddress(cached.Address) == current.Address
            ? cached
            : cache = current.ToEndPoint();
    }

    // Whoever disposes an interface ends all its sockets.
    private bool IsDisposed => _disposed != 0 || _interface.IsClosed;

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(IsDisposed, this);
}
