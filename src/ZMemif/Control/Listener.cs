using ZMemif.Native;

namespace ZMemif.Control;

/// <summary>A listening control socket: accepts at once, whoever comes (§5.3: a blocked connect stalls some peers).</summary>
/// <param name="socket">Listens.</param>
/// <param name="path">The file to remove at the end, or null.</param>
/// <param name="inode">The file's, by which one knows whether it still is ours.</param>
/// <param name="isOurs">Whether nobody else uses the socket; otherwise it listens on when this has been closed.</param>
/// <param name="accepted">Gets whoever connects.</param>
internal sealed class Listener(FileDescriptor socket, string? path, ulong inode, bool isOurs, Action<SeqPacketSocket> accepted) : ControlSource
{
    // So that a peer who connects without end does not keep the control thread from everybody else.
    private const int MostAtOnce = 16;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    internal override FileDescriptor? Descriptor => Deadline is null ? socket : null;

    /// <summary>Is told when accepting fails, for want of descriptors above all.</summary>
    internal Action<MemifException>? Failed { get; set; }

    internal override void OnReadable()
    {
        for (int i = 0; i < MostAtOnce; i++)
        {
            if (Reaper.Shared.IsFull)
            {
                Pause("what peers passed cannot be closed fast enough");
                return;
            }

            int fd = Libc.Accept(socket);
            if (fd >= 0)
            {
                accepted(new SeqPacketSocket(FileDescriptor.ChannelTo(fd)));
                continue;
            }

            if (fd is not (-Errno.EAGAIN or -Errno.ECONNABORTED))
                Pause(Errno.Describe(fd));
            return;
        }
    }

    internal override void OnDeadline() => Deadline = null;

    /// <summary>Closes the socket and removes its file, if the file is still ours.</summary>
    internal void Close()
    {
        if (isOurs)
            TurnAwayWhoWaits();

        if (path is not null && Libc.Stat(path, out FileStatus status) >= 0 && status.Inode == inode)
            _ = Libc.Unlink(path);
        socket.Dispose();
    }

    // Whoever waits to be accepted may have sent what is slow to close: then that must not happen with the socket.
    private void TurnAwayWhoWaits()
    {
        _ = Libc.Shutdown(socket);
        for (int fd = Libc.Accept(socket); fd >= 0; fd = Libc.Accept(socket))
            new SeqPacketSocket(FileDescriptor.ChannelTo(fd)).Dispose();
    }

    // The connection stays in the backlog and the socket readable: without a pause the control thread would spin.
    private void Pause(string why)
    {
        Deadline = TimeProvider.System.GetTimestamp() + (long)(s_pause.TotalSeconds * TimeProvider.System.TimestampFrequency);
        Failed?.Invoke(new MemifException(MemifErrorCode.SystemError, $"accept on the control socket failed: {why}."));
    }
}
