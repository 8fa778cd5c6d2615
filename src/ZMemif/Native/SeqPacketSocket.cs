using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace ZMemif.Native;

/// <summary>A connected SOCK_SEQPACKET unix socket that passes whole messages and file descriptors. Never blocks.</summary>
internal sealed unsafe class SeqPacketSocket : IDisposable
{
    // Room for the most descriptors that the kernel passes at once (SCM_MAX_FD, 253), and for what options that a listener
    // was given with add to each message: credentials, a security label, a process.
    private const int ReceiveControlBytes = ControlHeaderBytes + (256 * sizeof(int)) + 512;
    private const int SendControlBytes = 24;
    private const int ControlHeaderBytes = 16;

    private readonly FileDescriptor _descriptor;

    internal SeqPacketSocket(FileDescriptor descriptor)
    {
        _descriptor = descriptor;
        User = Libc.GetPeerCredentials(descriptor, out PeerCredentials credentials) >= 0 ? credentials.UserId : uint.MaxValue;
        descriptor.User = User;
    }

    internal FileDescriptor Descriptor => _descriptor;

    /// <summary>The user at the other end (SO_PEERCRED); the last number there is where nobody is known.</summary>
    internal uint User { get; }

    /// <returns>Bytes sent, or −errno.</returns>
    internal long Send(ReadOnlySpan<byte> message, FileDescriptor? passed)
    {
        byte* control = stackalloc byte[SendControlBytes];
        fixed (byte* bytes = message)
        {
            var vector = new IoVector { Base = bytes, Length = (nuint)message.Length };
            var header = new MessageHeader { Vectors = &vector, VectorCount = 1 };
            if (passed is not null)
            {
                WriteRights(new Span<byte>(control, SendControlBytes), passed.Number);
                header.Control = control;
                header.ControlLength = SendControlBytes;
            }

            long result = Libc.SendMessage(_descriptor, &header);
            GC.KeepAlive(passed);
            return result;
        }
    }

    /// <summary>
    /// Reads one message; every descriptor that came along is added to <paramref name="passed"/> and is the caller's to close.
    /// A message of which some did not find room in this process (MSG_CTRUNC) is left where it is: they go with the channel.
    /// </summary>
    /// <param name="message">Where the message goes; a longer one sets MSG_TRUNC in <paramref name="flags"/>.</param>
    /// <param name="passed">The list to add to.</param>
    /// <param name="flags">MSG_TRUNC, MSG_CTRUNC.</param>
    /// <returns>Bytes received, 0 at the end of the stream, or −errno.</returns>
    internal long Receive(Span<byte> message, List<FileDescriptor> passed, out int flags)
    {
        long result = Peek(message, passed, out flags, out _);

        // Only now, when descriptors of our own hold what was passed: the kernel closes what it cannot hand over in the thread
        // that takes the message off, and that may block.
        if (result >= 0 && (flags & Libc.MSG_CTRUNC) == 0)
            Discard();
        return result;
    }

    /// <summary>
    /// Takes a message off a channel that has been shut down, and gives what descriptors of it found room. The rest is closed,
    /// which may block.
    /// </summary>
    /// <returns>False when there is none.</returns>
    internal bool TryDiscard(List<FileDescriptor> passed)
    {
        Libc.PassCredentials(_descriptor);
        if (Peek([], passed, out _, out bool isMessage) == -Errno.ECONNRESET)
            _ = Peek([], passed, out _, out isMessage);
        if (isMessage)
            Discard();
        return isMessage;
    }

    /// <summary>Ends the connection in both directions: nothing more comes.</summary>
    internal void ShutDown() => _ = Libc.Shutdown(_descriptor);

    /// <summary>Ends the connection at once; if something lies unread, what was passed with it goes a moment later.</summary>
    public void Dispose()
    {
        if (!_descriptor.IsClosed)
        {
            ShutDown();
            if (_descriptor.Risk == ClosingRisk.Channel && IsEmpty())
                _descriptor.Risk = ClosingRisk.None;
        }

        _descriptor.Dispose();
    }

    // With credentials a message, even an empty one, has ancillary data, and the end of the stream has none.
    private bool IsEmpty()
    {
        Libc.PassCredentials(_descriptor);
        var header = default(MessageHeader);
        if (Libc.ReceiveMessage(_descriptor, &header, Libc.MSG_PEEK) == -Errno.ECONNRESET)
            _ = Libc.ReceiveMessage(_descriptor, &header, Libc.MSG_PEEK);
        return (header.Flags & Libc.MSG_CTRUNC) == 0;
    }

    private long Peek(Span<byte> message, List<FileDescriptor> passed, out int flags, out bool hasControl)
    {
        byte* control = stackalloc byte[ReceiveControlBytes];
        fixed (byte* bytes = message)
        {
            var vector = new IoVector { Base = bytes, Length = (nuint)message.Length };
            var header = new MessageHeader
            {
                Vectors = &vector,
                VectorCount = 1,
                Control = control,
                ControlLength = ReceiveControlBytes,
            };
            long result = Libc.ReceiveMessage(_descriptor, &header, Libc.MSG_PEEK);
            hasControl = result >= 0 && header.ControlLength > 0;
            if (hasControl)
                TakeRights(new ReadOnlySpan<byte>(control, (int)header.ControlLength), passed);
            flags = header.Flags;
            return result;
        }
    }

    private void Discard()
    {
        var header = default(MessageHeader);
        _ = Libc.ReceiveMessage(_descriptor, &header);
    }

    // struct cmsghdr: length (8 bytes), level (4), type (4), then the data; each block is padded to 8 bytes.
    private static void WriteRights(Span<byte> control, int fd)
    {
        control.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(control, ControlHeaderBytes + sizeof(int));
        BinaryPrimitives.WriteInt32LittleEndian(control[8..], Libc.SOL_SOCKET);
        BinaryPrimitives.WriteInt32LittleEndian(control[12..], Libc.SCM_RIGHTS);
        BinaryPrimitives.WriteInt32LittleEndian(control[16..], fd);
    }

    private void TakeRights(ReadOnlySpan<byte> control, List<FileDescriptor> passed)
    {
        while (control.Length >= ControlHeaderBytes)
        {
            int length = (int)Math.Min(BinaryPrimitives.ReadUInt64LittleEndian(control), (ulong)control.Length);
            if (length < ControlHeaderBytes)
                return;
            int level = BinaryPrimitives.ReadInt32LittleEndian(control[8..]);
            int type = BinaryPrimitives.ReadInt32LittleEndian(control[12..]);
            ReadOnlySpan<int> content = MemoryMarshal.Cast<byte, int>(control[ControlHeaderBytes..length]);
            if (level == Libc.SOL_SOCKET && type == Libc.SCM_RIGHTS)
            {
                foreach (int fd in content)
                    passed.Add(FileDescriptor.OfPeer(fd, User));
            }
            else if (level == Libc.SOL_SOCKET && type == Libc.SCM_PIDFD && content.Length > 0 && content[0] >= 0)
            {
                _ = Libc.Close(content[0]);
            }

            control = control[Math.Min((length + 7) & ~7, control.Length)..];
        }
    }
}
