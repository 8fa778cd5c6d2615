using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace ZMemif.Native;

/// <summary>A connected SOCK_SEQPACKET unix socket that passes whole messages and file descriptors. Never blocks.</summary>
internal sealed unsafe class SeqPacketSocket(FileDescriptor descriptor) : IDisposable
{
    // Room for the most descriptors that the kernel passes at once (SCM_MAX_FD, 253): what it cut off, it would close
    // itself, in this thread, and that may block.
    private const int ReceiveControlBytes = ControlHeaderBytes + (256 * sizeof(int));
    private const int SendControlBytes = 24;
    private const int ControlHeaderBytes = 16;

    internal FileDescriptor Descriptor => descriptor;

    /// <summary>Who is at the other end.</summary>
    internal PeerCredentials GetPeer()
    {
        Errno.Check(Libc.GetPeerCredentials(descriptor, out PeerCredentials credentials), "getsockopt(SO_PEERCRED)");
        return credentials;
    }

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

            long result = Libc.SendMessage(descriptor, &header);
            GC.KeepAlive(passed);
            return result;
        }
    }

    /// <summary>Reads one message; every descriptor that came along is added to <paramref name="passed"/> and is the caller's to close.</summary>
    /// <param name="message">Where the message goes; a longer one sets MSG_TRUNC in <paramref name="flags"/>.</param>
    /// <param name="passed">The list to add to.</param>
    /// <param name="flags">MSG_TRUNC, MSG_CTRUNC.</param>
    /// <returns>Bytes received, 0 at the end of the stream, or −errno.</returns>
    internal long Receive(Span<byte> message, List<FileDescriptor> passed, out int flags)
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
            long result = Libc.ReceiveMessage(descriptor, &header);
            if (result >= 0)
                TakeRights(new ReadOnlySpan<byte>(control, (int)header.ControlLength), passed);
            flags = header.Flags;
            return result;
        }
    }

    /// <summary>Ends the connection at once; what the peer passed and nobody read goes a moment later.</summary>
    public void Dispose()
    {
        if (!descriptor.IsClosed)
            _ = Libc.Shutdown(descriptor);
        descriptor.Dispose();
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

    private static void TakeRights(ReadOnlySpan<byte> control, List<FileDescriptor> passed)
    {
        while (control.Length >= ControlHeaderBytes)
        {
            int length = (int)Math.Min(BinaryPrimitives.ReadUInt64LittleEndian(control), (ulong)control.Length);
            if (length < ControlHeaderBytes)
                return;
            bool rights = BinaryPrimitives.ReadInt32LittleEndian(control[8..]) == Libc.SOL_SOCKET
                && BinaryPrimitives.ReadInt32LittleEndian(control[12..]) == Libc.SCM_RIGHTS;
            if (rights)
            {
                foreach (int fd in MemoryMarshal.Cast<byte, int>(control[ControlHeaderBytes..length]))
                    passed.Add(FileDescriptor.OfPeer(fd));
            }

            control = control[Math.Min((length + 7) & ~7, control.Length)..];
        }
    }
}
