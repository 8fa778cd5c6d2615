using System.Runtime.InteropServices;

namespace ZMemif.Udp.Stack;

/// <summary>The largest packet that the way to a destination takes.</summary>
/// <param name="Bytes">Its length with the IPv4 header.</param>
/// <param name="IsFloor">Some link takes less still, and has to be allowed to cut: no DF.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PathMtu(int Bytes, bool IsFloor);
