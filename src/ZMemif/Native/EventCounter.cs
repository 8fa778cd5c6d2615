namespace ZMemif.Native;

/// <summary>An eventfd(2): a counter that one side adds to and the other waits for in a poll set.</summary>
internal sealed class EventCounter(FileDescriptor descriptor) : IDisposable
{
    internal FileDescriptor Descriptor => descriptor;

    internal static EventCounter Create() => new(FileDescriptor.Own(Libc.CreateEvent(), "eventfd"));

    /// <summary>Adds one. A full counter (EAGAIN) means that an event is pending already, which is all that is wanted.</summary>
    internal void Signal() => _ = Libc.Write(descriptor, 1);

    /// <summary>Whether a write would not have to wait, whatever the descriptor's flags say.</summary>
    internal bool CanSignal()
    {
        Span<PollFd> set = [new PollFd { Fd = descriptor.Number, Events = Libc.POLLOUT }];

        // A counter at its very top, where only the kernel can bring it, has an error to tell and no room.
        return Libc.Poll(set, 0) > 0 && (set[0].Returned & Libc.POLLOUT) != 0;
    }

    /// <summary>Whether reads and writes may block: by a flag that all holders of the event share.</summary>
    internal bool IsBlocking => Libc.Fcntl(descriptor, Libc.F_GETFL) is >= 0 and var flags && (flags & Libc.O_NONBLOCK) == 0;

    /// <summary>
    /// Sets the counter to zero; never blocks, whatever a peer did to the descriptor's flags. Before Linux 5.12 it does block
    /// when the counter is zero and a peer has made the descriptor block.
    /// </summary>
    internal void Drain()
    {
        // There the descriptor's own flag has to do.
        if (Libc.ReadNow(descriptor, out _) == -Errno.EOPNOTSUPP)
            _ = Libc.Read(descriptor, out _);
    }

    /// <summary>
    /// Takes over a descriptor that a peer passed, after making sure that it is an eventfd and not a pipe, a file or a
    /// device that would block or answer otherwise.
    /// </summary>
    /// <exception cref="MemifException">It is something else; the descriptor is closed.</exception>
    internal static EventCounter Adopt(FileDescriptor descriptor)
    {
        try
        {
            Verify(descriptor);
            descriptor.Risk = ClosingRisk.None;
            int flags = Errno.Check(Libc.Fcntl(descriptor, Libc.F_GETFL), "fcntl of an eventfd");
            Errno.Check(Libc.Fcntl(descriptor, Libc.F_SETFL, flags | Libc.O_NONBLOCK), "fcntl of an eventfd");
            return new EventCounter(descriptor);
        }
        catch
        {
            descriptor.Dispose();
            throw;
        }
    }

    public void Dispose() => descriptor.Dispose();

    private static void Verify(FileDescriptor descriptor)
    {
        // The whole text: a memory file can be given any name by the peer, and shows it behind a prefix.
        string? target = new FileInfo($"/proc/self/fd/{descriptor.Number}").LinkTarget;
        if (target != "anon_inode:[eventfd]")
            throw Violation($"is no eventfd but '{HarmlessText.Of(target ?? "")}'");
        if (IsSemaphore(descriptor))
            throw Violation("is an eventfd that counts down (EFD_SEMAPHORE)");
    }

    // Reading would take one off, and a peer who filled it once would keep a receiver awake for ever. Newer kernels tell.
    private static bool IsSemaphore(FileDescriptor descriptor)
    {
        try
        {
            return File.ReadLines($"/proc/self/fdinfo/{descriptor.Number}")
                .Any(line => line.StartsWith("eventfd-semaphore:", StringComparison.Ordinal) && line.EndsWith('1'));
        }
        catch (IOException e)
        {
            // No descriptor is left to look at it with.
            throw new MemifException(MemifErrorCode.SystemError, $"An interrupt descriptor cannot be examined: {e.Message}", e);
        }
    }

    private static MemifException Violation(string what) =>
        new(MemifErrorCode.ProtocolViolation, $"The interrupt descriptor of a ring {what}.");
}
