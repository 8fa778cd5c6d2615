using ZMemif.Native;

namespace ZMemif.Control;

/// <summary>
/// Keeps a client port connected: tries at once, and after every end again with a back-off that doubles from 20 ms to 1 s,
/// unless it has been told to pause.
/// </summary>
/// <param name="loop">The control loop.</param>
/// <param name="address">Where the server listens.</param>
/// <param name="port">The port.</param>
/// <param name="handshakeTimeout">How long a handshake may take.</param>
/// <param name="judge">Throws for a server that must not be talked to.</param>
internal sealed class ClientConnector(
    ControlLoop loop, UnixAddress address, IControlPort port, TimeSpan handshakeTimeout, Action<SeqPacketSocket> judge) : ControlSource
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(1);

    private TimeSpan _retry = FirstRetry;
    private ControlConnection? _connection;
    private bool _isPaused;

    internal override FileDescriptor? Descriptor => null;

    /// <summary>Begins; on the control thread.</summary>
    internal void Start()
    {
        loop.Add(this);
        OnDeadline();
    }

    /// <summary>Ends the connection and tries no more; on the control thread.</summary>
    internal void Stop(MemifException cause)
    {
        Pause(cause);
        loop.Remove(this);
    }

    /// <summary>Ends the connection and waits to be told to <see cref="Connect"/>; on the control thread.</summary>
    internal void Pause(MemifException cause)
    {
        _isPaused = true;
        Deadline = null;
        _connection?.End(cause);
    }

    /// <summary>Tries at once, if there is no connection; on the control thread.</summary>
    internal void Connect()
    {
        _isPaused = false;
        _retry = FirstRetry;
        if (_connection is null)
            OnDeadline();
    }

    /// <summary>Ends the present connection, if there is one, and tries again later.</summary>
    internal void EndConnection(MemifException cause) => _connection?.End(cause);

    internal override void OnReadable()
    {
    }

    internal override void OnDeadline()
    {
        Deadline = null;
        try
        {
            _connection = new ControlConnection(loop, Connected(), new ClientHandshake(port), handshakeTimeout, Ended);
            loop.Add(_connection);
            _connection.Start();
        }
        catch (MemifException e)
        {
            port.LinkDown(e);
            RetryLater();
        }
    }

    private ControlChannel Connected()
    {
        SeqPacketSocket socket = ControlAddress.Connect(address);
        try
        {
            judge(socket);
            return new ControlChannel(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private void Ended(ControlConnection connection, MemifException cause)
    {
        _connection = null;
        if (connection.WasUp)
            _retry = FirstRetry;
        if (!_isPaused)
            RetryLater();
    }

    private void RetryLater()
    {
        Deadline = loop.Time.GetTimestamp() + (long)(_retry.TotalSeconds * loop.Time.TimestampFrequency);
        _retry = TimeSpan.FromTicks(Math.Min(_retry.Ticks * 2, LastRetry.Ticks));
    }
}
