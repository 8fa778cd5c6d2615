using System.Runtime.InteropServices;

namespace ZMemif.Udp;

/// <summary>
/// One datagram of a batch. To receive, give it a <see cref="Buffer"/>; the rest is set. To send, set <see cref="Buffer"/>,
/// <see cref="Length"/> and <see cref="RemoteEndPoint"/>: what was received can be sent back as it is.
/// </summary>
/// <remarks>Buffers that are arrays take the fast way; others, of a memory manager, work as well.</remarks>
[StructLayout(LayoutKind.Auto)]
public struct MemifDatagram
{
    /// <param name="buffer">Where the payload is, or goes.</param>
    public MemifDatagram(Memory<byte> buffer) => Buffer = buffer;

    /// <summary>Where the payload is, or goes.</summary>
    public Memory<byte> Buffer { get; set; }

    /// <summary>Bytes of payload in the buffer.</summary>
    public int Length { get; set; }

    /// <summary>Who sent it, or where it goes; the default when it is sent stands for the socket's peer.</summary>
    public MemifEndPoint RemoteEndPoint { get; set; }

    /// <summary>Where it was sent to: an own address, a group or a broadcast address, and the socket's port. Received only.</summary>
    public MemifEndPoint LocalEndPoint { get; set; }

    /// <summary>How many routers more it might have passed; 0 when it never was on the link. Received only.</summary>
    public byte TimeToLive { get; set; }

    /// <summary>Its differentiated services field (RFC 2474). Received only.</summary>
    public byte TypeOfService { get; set; }

    /// <summary>There was more than the buffer holds, and it is lost. Received only.</summary>
    public bool IsTruncated { get; set; }

    /// <summary>The payload.</summary>
    public readonly Memory<byte> Payload => Buffer[..Length];
}
