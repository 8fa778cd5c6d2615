using ZMemif.Control;
using ZMemif.Native;
using ZMemif.Tests.Peers;

namespace ZMemif.HostilePeer.Links;

/// <summary>One end of a control channel: says anything, and waits a bounded time for what comes back.</summary>
internal sealed class RawChannel(SeqPacketSocket socket) : IDisposable
{
    private const int PatienceMilliseconds = 10_000;

    internal SeqPacketSocket Socket => socket;

    internal static RawChannel Connect(string address) => new(ControlAddress.Connect(UnixAddress.Parse(address)));

    internal void Send(ReadOnlySpan<byte> message, FileDescriptor? passed = null) => _ = socket.Send(message, passed);

    internal bool TrySend(ReadOnlySpan<byte> message, IReadOnlyList<FileDescriptor> passed) =>
        SeveralRights.Send(socket.Descriptor, message, passed) == message.Length;

    /// <summary>The next message and its descriptors; null at the end of the stream.</summary>
    internal (byte[] Message, List<FileDescriptor> Passed)? Receive()
    {
        byte[] message = new byte[256];
        var passed = new List<FileDescriptor>();
        while (true)
        {
            long result = socket.Receive(message, passed, out _);
            if (result > 0)
                return (message[..(int)result], passed);
            if (result is 0 or -Errno.EPIPE)
                return null;
            if (result == -Errno.EAGAIN)
                WaitReadable();
            else if (result != -Errno.ECONNRESET)
                Errno.Throw(result, "recvmsg");
        }
    }

    internal (byte[] Message, FileDescriptor? Passed) Expect(MessageType type)
    {
        (byte[] message, List<FileDescriptor> passed) = Receive() ?? throw new MemifException(MemifErrorCode.ClosedByPeer, $"The stream ended before {type}.");
        MessageType seen = ControlMessage.TypeOf(message);
        if (seen == MessageType.Disconnect)
            throw new MemifException(MemifErrorCode.RefusedByPeer, DisconnectMessage.Read(message).Reason);
        if (seen != type || passed.Count > 1)
            throw new MemifException(MemifErrorCode.ProtocolViolation, $"Got {seen} with {passed.Count} descriptors instead of {type}.");
        return (message, passed.Count == 1 ? passed[0] : null);
    }

    /// <summary>Reads to the end of the stream.</summary>
    /// <returns>The reason that DISCONNECT gave; null if there was none.</returns>
    internal string? ReadToEnd()
    {
        string? reason = null;
        while (Receive() is { } next)
        {
            next.Passed.ForEach(fd => fd.Dispose());
            if (next.Message.Length == ControlMessage.Bytes && ControlMessage.TypeOf(next.Message) == MessageType.Disconnect)
                reason = DisconnectMessage.Read(next.Message).Reason;
        }

        return reason;
    }

    /// <summary>Whether the other end has said something or is gone.</summary>
    internal bool IsReadable(int milliseconds = 0)
    {
        Span<PollFd> set = [new PollFd { Fd = socket.Descriptor.Number, Events = Libc.POLLIN }];
        return Errno.Check(Libc.Poll(set, milliseconds), "poll") > 0;
    }

    public void Dispose() => socket.Dispose();

    private void WaitReadable()
    {
        if (!IsReadable(PatienceMilliseconds))
            throw new TimeoutException($"The other end said nothing for {PatienceMilliseconds} ms.");
    }
}
