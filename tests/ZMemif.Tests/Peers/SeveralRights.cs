using System.Runtime.InteropServices;
using ZMemif.Native;

namespace ZMemif.Tests.Peers;

/// <summary>Sends any number of descriptors with one message, which the library itself never does. ZMemif.HostilePeer has it, too.</summary>
internal static class SeveralRights
{
    private const int HeaderBytes = 16;

    /// <summary>Sends a message of any length.</summary>
    /// <returns>What sendmsg returned; −1 when the other end is gone or full.</returns>
    internal static nint Send(FileDescriptor socket, ReadOnlySpan<byte> message, IReadOnlyList<FileDescriptor> passed)
    {
        int rightsBytes = HeaderBytes + (passed.Count * sizeof(int));
        int controlBytes = (rightsBytes + 7) & ~7;
        nint block = Marshal.AllocHGlobal(message.Length + controlBytes + Marshal.SizeOf<Vector>());
        try
        {
            nint control = block + Marshal.SizeOf<Vector>();
            nint data = control + controlBytes;
            Marshal.StructureToPtr(new Vector { Base = data, Length = (nuint)message.Length }, block, fDeleteOld: false);
            Marshal.WriteInt64(control, rightsBytes);
            Marshal.WriteInt32(control, 8, Libc.SOL_SOCKET);
            Marshal.WriteInt32(control, 12, Libc.SCM_RIGHTS);
            for (int i = 0; i < passed.Count; i++)
                Marshal.WriteInt32(control, HeaderBytes + (i * sizeof(int)), passed[i].Number);
            Marshal.Copy(message.ToArray(), 0, data, message.Length);
            var header = new Header { Vectors = block, VectorCount = 1 };
            if (passed.Count > 0)
                (header.Control, header.ControlLength) = (control, (nuint)controlBytes);
            return sendmsg(socket, ref header, Libc.MSG_NOSIGNAL | Libc.MSG_DONTWAIT);
        }
        finally
        {
            Marshal.FreeHGlobal(block);
        }
    }

    [DllImport("libc", SetLastError = true)]
    private static extern nint sendmsg(FileDescriptor socket, ref Header header, int flags);

    [StructLayout(LayoutKind.Sequential)]
    private struct Vector
    {
        internal nint Base;
        internal nuint Length;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Header
    {
        internal nint Name;
        internal int NameLength;
        internal nint Vectors;
        internal nuint VectorCount;
        internal nint Control;
        internal nuint ControlLength;
        internal int Flags;
    }
}
