using ZMemif.Native;

namespace ZMemif.Control;

/// <summary>
/// One end's part in the sequence of §1.4, as a state machine without I/O or clock: messages go in, messages come out.
/// </summary>
internal abstract class Handshake : IDisposable
{
    private readonly Queue<(byte[] Message, FileDescriptor? Passed)> _outbox = new();
    private LinkOpening? _opening;

    /// <summary>The port, as soon as it is known: a server learns it from INIT.</summary>
    internal IControlPort? Port { get; private protected set; }

    /// <summary>The link, once it is up; the connection that runs the handshake closes it.</summary>
    internal Link? Link { get; private set; }

    /// <summary>
    /// What has to be done before the next message is taken, though it may take long: so somewhere else, and
    /// <see cref="Resume"/> afterwards. Null otherwise.
    /// </summary>
    internal SlowStep? SlowStep { get; private protected set; }

    /// <summary>Goes on after the <see cref="SlowStep"/>.</summary>
    /// <exception cref="MemifException">The peer broke a rule.</exception>
    internal virtual void Resume()
    {
        SlowStep = null;
        if (_opening is not { } opening)
            return;
        opening.ThrowIfWrong();
        (Link, _opening) = (opening.Link, null);
    }

    /// <summary>What to send first, if anything.</summary>
    internal abstract void Start();

    /// <summary>Takes one message; descriptors in <paramref name="passed"/> are taken over one by one, the rest is the caller's to close.</summary>
    /// <exception cref="MemifException">The peer broke a rule, or refused; the message is what happened.</exception>
    internal void Handle(ReadOnlySpan<byte> message, List<FileDescriptor> passed)
    {
        MessageType type = ControlMessage.TypeOf(message);
        if (type == MessageType.Disconnect)
            throw RefusedByPeer(DisconnectMessage.Read(message));
        int expected = type is MessageType.AddRegion or MessageType.AddRing ? 1 : 0;
        if (passed.Count != expected)
            throw Violation($"sent {passed.Count} file descriptors with {type}, where {expected} belongs");
        HandleCore(type, message, passed);
    }

    internal bool TryDequeue(out byte[] message, out FileDescriptor? passed)
    {
        bool any = _outbox.TryDequeue(out (byte[] Message, FileDescriptor? Passed) next);
        (message, passed) = next;
        return any;
    }

    /// <summary>Gives up what was built for a link that did not come up.</summary>
    public virtual void Dispose()
    {
        _opening?.Link.Abandon();
        _opening = null;
    }

    protected abstract void HandleCore(MessageType type, ReadOnlySpan<byte> message, List<FileDescriptor> passed);

    /// <summary>Lets the rings of a link be opened, elsewhere; <see cref="Link"/> is there after <see cref="Resume"/>.</summary>
    protected void Open(Link link)
    {
        _opening = new LinkOpening(link);
        SlowStep = new SlowStep(_opening.Run, IsBounded: true);
    }

    protected void Send(byte[] message, FileDescriptor? passed = null) => _outbox.Enqueue((message, passed));

    /// <summary>Takes a passed descriptor out of the caller's list, so that it is closed once.</summary>
    protected static FileDescriptor Take(List<FileDescriptor> passed)
    {
        FileDescriptor fd = passed[^1];
        passed.RemoveAt(passed.Count - 1);
        return fd;
    }

    protected static MemifException Violation(string what) => new(MemifErrorCode.ProtocolViolation, $"The peer {what}.");

    private static MemifException RefusedByPeer(DisconnectMessage message) =>
        new(MemifErrorCode.RefusedByPeer, $"The peer ended the connection: \"{message.Reason}\" (code {message.Code}).");
}
