using System.Runtime.InteropServices;

namespace ZMemif.Native;

/// <summary>struct ucred: who connected, as the kernel knows it (SO_PEERCRED, unix(7)).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PeerCredentials
{
    internal int ProcessId;
    internal uint UserId;
    internal uint GroupId;
}
