using System.Runtime.InteropServices;

namespace ZMemif.Native;

/// <summary>struct ucred: who connected, as the kernel knows it (SO_PEERCRED, unix(7)).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PeerCredentials
{
    private readonly int _processId;
    internal readonly uint UserId;
    private readonly uint _groupId;
}
