using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace ZMemif.Udp;

/// <summary>
/// <c>UdpClient</c> over a <see cref="MemifInterface"/>: what is here has the same signature and the same meaning.
/// Constructors without an interface use <see cref="MemifInterface.Default"/>.
/// </summary>
/// <remarks>Validation and forwarding only; everything about networking is in <see cref="MemifDatagramSocket"/>.</remarks>
public partial class MemifUdpClient : IDisposable
{
    // A null in a program that knew UdpClient means what it meant.
    private const int InterfaceFirst = -1;

    private bool _disposed;
    private bool _broadcastEnabled;

    /// <summary>Creates a client that is not bound.</summary>
    public MemifUdpClient()
        : this(AddressFamily.InterNetwork)
    {
    }

    /// <summary>Creates a client that is not bound.</summary>
    /// <exception cref="ArgumentException">The family is neither IPv4 nor IPv6.</exception>
    /// <exception cref="SocketException">The family is IPv6: an IPv4-only host is modelled.</exception>
    public MemifUdpClient(AddressFamily family) => Client = CreateSocket(null, family);

    /// <summary>Creates a client bound to a port of every address.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The port is not 0 to 65535.</exception>
    /// <exception cref="SocketException">The port is taken.</exception>
    public MemifUdpClient(int port)
        : this(port, AddressFamily.InterNetwork)
    {
    }

    /// <inheritdoc cref="MemifUdpClient(int)"/>
    public MemifUdpClient(int port, AddressFamily family)
    {
        RequirePort(port);
        Client = CreateSocket(null, family);
        BindOrDispose(new IPEndPoint(IPAddress.Any, port));
    }

    /// <summary>Creates a client bound to an address and a port.</summary>
    /// <exception cref="SocketException">The address is not the interface's, or the port is taken.</exception>
    public MemifUdpClient(IPEndPoint localEP)
    {
        ArgumentNullException.ThrowIfNull(localEP);
        Client = CreateSocket(null, localEP.AddressFamily);
        BindOrDispose(localEP);
    }

    /// <summary>Creates a client that is connected to a host and port.</summary>
    public MemifUdpClient(string hostname, int port)
    {
        ArgumentNullException.ThrowIfNull(hostname);
        RequirePort(port);
        Client = CreateSocket(null, AddressFamily.InterNetwork);
        ConnectOrDispose(hostname, port);
    }

    /// <summary>Creates a client on an interface that is not bound.</summary>
    [OverloadResolutionPriority(InterfaceFirst)]
    public MemifUdpClient(MemifInterface memifInterface)
    {
        ArgumentNullException.ThrowIfNull(memifInterface);
        Client = CreateSocket(memifInterface, AddressFamily.InterNetwork);
    }

    /// <summary>Creates a client on an interface, bound to a port of every address.</summary>
    /// <inheritdoc cref="MemifUdpClient(int)"/>
    [OverloadResolutionPriority(InterfaceFirst)]
    public MemifUdpClient(MemifInterface memifInterface, int port)
    {
        ArgumentNullException.ThrowIfNull(memifInterface);
        RequirePort(port);
        Client = CreateSocket(memifInterface, AddressFamily.InterNetwork);
        BindOrDispose(new IPEndPoint(IPAddress.Any, port));
    }

    /// <summary>Creates a client on an interface, bound to an address and a port.</summary>
    /// <inheritdoc cref="MemifUdpClient(IPEndPoint)"/>
    [OverloadResolutionPriority(InterfaceFirst)]
    public MemifUdpClient(MemifInterface memifInterface, IPEndPoint localEP)
    {
        ArgumentNullException.ThrowIfNull(memifInterface);
        ArgumentNullException.ThrowIfNull(localEP);
        Client = CreateSocket(memifInterface, localEP.AddressFamily);
        BindOrDispose(localEP);
    }

    /// <summary>Creates a client on an interface that is connected to a host and port.</summary>
    [OverloadResolutionPriority(InterfaceFirst)]
    public MemifUdpClient(MemifInterface memifInterface, string hostname, int port)
    {
        ArgumentNullException.ThrowIfNull(memifInterface);
        ArgumentNullException.ThrowIfNull(hostname);
        RequirePort(port);
        Client = CreateSocket(memifInterface, AddressFamily.InterNetwork);
        ConnectOrDispose(hostname, port);
    }

    /// <summary>The socket that does the work. Null after <see cref="Close"/>.</summary>
    public MemifDatagramSocket Client { get; set; }

    /// <summary>Whether one of the Connect methods has set a default peer.</summary>
    protected bool Active { get; set; }

    /// <summary>Sets the default peer from a host name or an address in text.</summary>
    public void Connect(string hostname, int port)
    {
        ThrowIfDisposed();
        ArgumentNullException.ThrowIfNull(hostname);
        RequirePort(port);
        ConnectToHost(hostname, port, Connect);
    }

    /// <summary>Sets the default peer.</summary>
    public void Connect(IPAddress addr, int port)
    {
        ThrowIfDisposed();
        ArgumentNullException.ThrowIfNull(addr);
        RequirePort(port);
        Connect(new IPEndPoint(addr, port));
    }

    /// <summary>Sets the default peer.</summary>
    public void Connect(IPEndPoint endPoint)
    {
        ThrowIfDisposed();
        ArgumentNullException.ThrowIfNull(endPoint);
        EnableBroadcastFor(endPoint.Address);
        Client.Connect(endPoint);
        Active = true;
    }

    /// <summary>Ends the client and its socket.</summary>
    public void Close() => Dispose();

    /// <summary>Ends the client and its socket.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends the client and its socket; a derived class that overrides this calls it.</summary>
    /// <param name="disposing">False from a derived class's finalizer: then nothing happens.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing || _disposed)
            return;
        _disposed = true;
        MemifDatagramSocket? socket = Client;
        Client = null!;
        socket?.Dispose();
    }

    private static void RequirePort(int port)
    {
        if (port is < IPEndPoint.MinPort or > IPEndPoint.MaxPort)
            throw new ArgumentOutOfRangeException(nameof(port));
    }

    private static MemifDatagramSocket CreateSocket(MemifInterface? memifInterface, AddressFamily family)
    {
        if (family is not (AddressFamily.InterNetwork or AddressFamily.InterNetworkV6))
            throw new ArgumentException("UDP accepts only the two IP families.", nameof(family));
        return memifInterface is null
            ? new MemifDatagramSocket(family, SocketType.Dgram, ProtocolType.Udp)
            : new MemifDatagramSocket(memifInterface, family, SocketType.Dgram, ProtocolType.Udp);
    }

    private void BindOrDispose(IPEndPoint localEP)
    {
        try
        {
            Client.Bind(localEP);
        }
        catch
        {
            Client.Dispose();
            throw;
        }
    }

    private void ConnectOrDispose(string hostname, int port)
    {
        try
        {
            // Unlike Connect, a constructor does not allow broadcasts by itself.
            ConnectToHost(hostname, port, Client.Connect);
        }
        catch
        {
            Client.Dispose();
            throw;
        }
    }

    // Tries the host's addresses in turn; the last failure is the answer.
    private void ConnectToHost(string hostname, int port, Action<IPEndPoint> connect)
    {
        SocketException failure = new((int)SocketError.NotConnected);
        foreach (IPAddress address in Client.AddressesOf(hostname).Where(address => address.AddressFamily == Client.AddressFamily))
        {
            try
            {
                connect(new IPEndPoint(address, port));
                Active = true;
                return;
            }
            catch (SocketException e)
            {
                failure = e;
            }
        }

        throw failure;
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_disposed, this);

    // The first use of 255.255.255.255 allows broadcasts; what the program sets afterwards stands.
    private void EnableBroadcastFor(IPAddress address)
    {
        if (_broadcastEnabled || !address.Equals(IPAddress.Broadcast))
            return;
        _broadcastEnabled = true;
        Client.EnableBroadcast = true;
    }
}
