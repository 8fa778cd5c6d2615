using ZMemif.Native;

namespace ZMemif.Control;

/// <summary>A listening control socket: accepts at once, whoever comes (§5.3: a blocked connect stalls some peers).</summary>
/// <param name="socket">Listens.</param>
/// <param name="path">The file to remove at the end, or null.</param>
/// <param name="inode">The file's, by which one knows whether it still is ours.</param>
/// <param name="accepted">Gets whoever connects.</param>
internal sealed class Listener(FileDescriptor socket, string? path, ulong inode, Action<SeqPacketSocket> accepted) : ControlSource
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
            int fd = Libc.Accept(socket);
            if (fd >= 0)
            {
                accepted(new SeqPacketSocket(new FileDescriptor(fd)));
                continue;
            }

            if (fd is not (-Errno.EAGAIN or -Errno.ECONNABORTED))
                Pause(fd);
            return;
        }
    }

    internal override void OnDeadline() => Deadline = null;

    /// <summary>Closes the socket and removes its file, if the file is still ours.</summary>
    internal void Close()
    {
        if (path is not null && Libc.Stat(path, out FileStatus status) >= 0 && status.Inode == inode)
            _ = Libc.Unlink(path);
        socket.Dispose();
    }

    // The connection stays in the backlog and the socket readable: without a pause the control thread would spin.
    private void Pause(int result)
    {
        Deadline = TimeProvider.System.GetTimestamp() + (long)(s_pause.TotalSeconds * TimeProvider.System.TimestampFrequency);
        Failed?.Invoke(new MemifException(MemifErrorCode.SystemError, $"accept on the control socket failed: {Errno.Describe(result)}."));
    }
}
