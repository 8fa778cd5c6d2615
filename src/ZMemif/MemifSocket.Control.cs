using ZMemif.Control;
using ZMemif.Memory;
using ZMemif.Native;

namespace ZMemif;

/// <content>What happens on the control thread.</content>
public sealed partial class MemifSocket
{
    // On the control thread only.
    private readonly List<ControlConnection> _accepted = [];
    private readonly Dictionary<MemifPort, ClientConnector> _connectors = [];

    /// <summary>
    /// Ends a port's link because of what its peer did. Thread-safe; the link goes a moment later. Several queues may say so
    /// of one link, and the peer may have come again meanwhile: that is another connection.
    /// </summary>
    internal void Fail(MemifPort port, Generation generation, MemifException cause) => _loop.Post(() =>
    {
        if (!port.Carries(generation))
            return;
        if (_connectors.TryGetValue(port, out ClientConnector? connector))
            connector.EndConnection(cause);
        else
            ServedBy(port)?.End(cause);
    });

    internal void RequestConnection(MemifPort port) => _loop.Post(() => _connectors.GetValueOrDefault(port)?.Connect());

    internal void Disconnect(MemifPort port, string reason) => _loop.Post(() =>
    {
        var cause = new MemifException(MemifErrorCode.ClosedLocally, reason);
        if (_connectors.TryGetValue(port, out ClientConnector? connector))
            connector.Pause(cause);
        else
            ServedBy(port)?.End(cause);
    });

    private void Begin(MemifPort port)
    {
        port.Begin(_loop);
        if (port.Role == MemifRole.Client)
            _loop.Post(() => StartConnector(port));
    }

    private void ListenOnce()
    {
        if (_listener is not null)
            return;
        Listener listener = _options.Listener is { } given
            ? new Listener(FileDescriptor.Duplicate(given), path: null, inode: 0, isOurs: false, Accept)
            : ControlAddress.Listen(_address, new FilePermissions(_options.FileMode, _options.FileUserId, _options.FileGroupId), Accept);
        listener.Failed = failure => RaiseError(new MemifErrorEventArgs(port: null, failure, isWarning: true));
        _listener = listener;
        _loop.Post(() => _loop.Add(listener));
    }

    private void StartConnector(MemifPort port)
    {
        var connector = new ClientConnector(_loop, _address, port, _options.HandshakeTimeout, JudgeServer);
        _connectors.Add(port, connector);
        connector.Start();
    }

    private void Accept(SeqPacketSocket socket)
    {
        MemifException? refusal = RefusalOf(socket.User);
        var handshake = new ServerHandshake(_options.ApplicationName, MaxLog2RingSize(), FindServer);
        var connection = new ControlConnection(_loop, new ControlChannel(socket), handshake, _options.HandshakeTimeout, Ended);
        _accepted.Add(connection);
        _loop.Add(connection);
        if (refusal is not null)
        {
            connection.End(refusal);
            return;
        }

        MakeRoom();
        connection.Start();
    }

    private void JudgeServer(SeqPacketSocket socket)
    {
        if (RefusalOf(socket.User) is { } refusal)
            throw refusal;
    }

    private MemifException? RefusalOf(uint user)
    {
        if (_options.AllowedUserIds is { } allowed && !allowed.Contains(user))
            return new MemifException(MemifErrorCode.AccessDenied, $"A process of the user {user} is not allowed to be the peer.");
        return Reaper.Shared.IsFullOf(user) ? ControlConnection.SlowToClose(user) : null;
    }

    // The oldest goes, not the newest: whoever opens connections and says nothing must not lock out those who mean it. And it
    // is one of the user who has the most: no other user pays for him.
    private void MakeRoom()
    {
        // Not those whose INIT was accepted: they know the secret, and there is at most one for each port.
        ControlConnection[] pending = [.. _accepted.Where(connection => connection.Port is null)];
        if (pending.Length > _options.MaxPendingConnections)
        {
            OldestOfTheMost(pending, connection => connection.User).End(new MemifException(
                MemifErrorCode.ProtocolViolation,
                $"More than {_options.MaxPendingConnections} peers are in the middle of a handshake, and this is the oldest of them."));
        }
    }

    /// <summary>The first of those whose user has the most of them; of users with as many, the one who came first.</summary>
    internal static T OldestOfTheMost<T>(IEnumerable<T> pending, Func<T, uint> userOf) =>
        pending.GroupBy(userOf).MaxBy(ofUser => ofUser.Count())!.First();

    private void Ended(ControlConnection connection, MemifException cause)
    {
        _accepted.Remove(connection);
        if (connection.Port is null)
            RaiseError(new MemifErrorEventArgs(port: null, cause, isWarning: false));
    }

    private ControlConnection? ServedBy(MemifPort port) => _accepted.Find(connection => connection.Port == port);

    private MemifPort? FindServer(uint id)
    {
        lock (_lock)
            return _ports.Find(port => port.Id == id && port.Role == MemifRole.Server);
    }

    // The socket listens on when its last server port has been removed.
    private int MaxLog2RingSize()
    {
        lock (_lock)
        {
            return _ports.Where(port => port.Role == MemifRole.Server)
                .Select(port => port.MaxLog2RingSize)
                .DefaultIfEmpty(MemifLimits.UsualLog2RingSize)
                .Max();
        }
    }

    private void EndAll(bool isFinal)
    {
        Listener? listener;
        lock (_lock)
            (listener, _listener) = (_listener, null);
        if (listener is not null)
        {
            _loop.Remove(listener);
            listener.Close();
        }

        foreach (ControlConnection pending in _accepted.Where(connection => connection.Port is null).ToArray())
            pending.End(Closed());
        foreach (MemifPort port in Ports)
            EndPort(port, isFinal);
    }

    private void EndPort(MemifPort port, bool isFinal)
    {
        if (_connectors.Remove(port, out ClientConnector? connector))
            connector.Stop(Closed());
        else
            ServedBy(port)?.End(Closed());
        port.End(_loop);
        if (isFinal)
            port.Close();
    }

    private static MemifException Closed() => new(MemifErrorCode.ClosedLocally, "The interface was closed.");
}
