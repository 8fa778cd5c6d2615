using System.Runtime.InteropServices;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>What somebody on the way says of a datagram (RFC 792).</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct IcmpError(IcmpType Type, byte Code)
{
    internal static IcmpError PortUnreachable => new(IcmpType.DestinationUnreachable, (byte)IcmpUnreachableCode.Port);

    /// <summary>Longer than the next link takes.</summary>
    internal bool IsFragmentationNeeded => Type == IcmpType.DestinationUnreachable && Code == (byte)IcmpUnreachableCode.FragmentationNeeded;
}
