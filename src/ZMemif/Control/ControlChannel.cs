using ZMemif.Native;

namespace ZMemif.Control;

/// <summary>The control channel: whole messages of 128 bytes, with at most one descriptor riding along. Never blocks.</summary>
internal sealed class ControlChannel(SeqPacketSocket socket) : IDisposable
{
    internal FileDescriptor Descriptor => socket.Descriptor;

    /// <summary>Who is at the other end.</summary>
    internal uint User => socket.User;

    /// <summary>Sends one message. That the peer is gone is no error here: the next read says so, with its last words.</summary>
    /// <exception cref="MemifException">The peer does not read.</exception>
    internal void Send(byte[] message, FileDescriptor? passed = null)
    {
        long result = socket.Send(message, passed);
        if (result is -Errno.EAGAIN)
            throw Violation("does not read its control channel");
        if (result < 0 && result is not (-Errno.EPIPE or -Errno.ECONNRESET))
            throw new MemifException(MemifErrorCode.SystemError, $"sendmsg on the control channel failed: {Errno.Describe(result)}.");
    }

    /// <summary>Reads one message; every descriptor that came along is in <paramref name="passed"/> and is the caller's to close.</summary>
    /// <exception cref="MemifException">The message is not exactly 128 bytes, or descriptors found no room.</exception>
    internal ChannelRead Receive(Span<byte> message, List<FileDescriptor> passed)
    {
        long result = socket.Receive(message, passed, out int flags);

        // A peer that closed with something unread is reported before its last words, which are still to be read.
        if (result == -Errno.ECONNRESET)
            result = socket.Receive(message, passed, out flags);
        return result switch
        {
            -Errno.EAGAIN => ChannelRead.Nothing,
            0 or -Errno.ECONNRESET or -Errno.EPIPE => ChannelRead.Closed,
            < 0 => throw new MemifException(MemifErrorCode.SystemError, $"recvmsg on the control channel failed: {Errno.Describe(result)}."),
            _ when (flags & Libc.MSG_CTRUNC) != 0 => throw new MemifException(
                MemifErrorCode.SystemError, "This process has no file descriptors left for what the peer passed (RLIMIT_NOFILE)."),
            _ when result != ControlMessage.Bytes || (flags & Libc.MSG_TRUNC) != 0 =>
                throw Violation($"sent a control message that is not {ControlMessage.Bytes} bytes long"),
            _ => ChannelRead.Message,
        };
    }

    public void Dispose() => socket.Dispose();

    private static MemifException Violation(string what) => new(MemifErrorCode.ProtocolViolation, $"The peer {what}.");
}
