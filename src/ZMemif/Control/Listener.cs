using ZMemif.Native;

namespace ZMemif.Control;

/// <summary>A listening control socket: accepts at once, whoever comes (§5.3: a blocked connect stalls some peers).</summary>
/// <param name="socket">Listens.</param>
/// <param name="path">The file to remove at the end, or null.</param>
/// <param name="inode">The file's, by which one knows whether it still is ours.</param>
/// <param name="accepted">Gets whoever connects.</param>
internal sealed class Listener(FileDescriptor socket, string? path, ulong inode, Action<SeqPacketSocket> accepted) : ControlSource
{
    internal override FileDescriptor? Descriptor => socket;

    internal override void OnReadable()
    {
        int fd;
        while ((fd = Libc.Accept(socket)) >= 0)
            accepted(new SeqPacketSocket(new FileDescriptor(fd)));
    }

    /// <summary>Closes the socket and removes its file, if the file is still ours.</summary>
    internal void Close()
    {
        if (path is not null && Libc.Stat(path, out FileStatus status) >= 0 && status.Inode == inode)
            _ = Libc.Unlink(path);
        socket.Dispose();
    }
}
