using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp;

/// <content>Sending from and receiving into arrays, or parts of them.</content>
public partial class MemifDatagramSocket
{
    /// <inheritdoc cref="Send(ReadOnlySpan{byte})"/>
    public int Send(byte[] buffer) => Send(All(buffer));

    /// <inheritdoc cref="Send(ReadOnlySpan{byte}, SocketFlags)"/>
    public int Send(byte[] buffer, SocketFlags socketFlags) => Send(All(buffer), socketFlags);

    /// <inheritdoc cref="Send(byte[], int, int, SocketFlags)"/>
    public int Send(byte[] buffer, int size, SocketFlags socketFlags) => Send(Part(buffer, 0, size), socketFlags);

    /// <summary>Sends a part of an array to the peer.</summary>
    /// <param name="buffer">Holds the payload.</param>
    /// <param name="offset">Where the payload begins.</param>
    /// <param name="size">How long it is, in bytes.</param>
    /// <param name="socketFlags">With <see cref="SocketFlags.DontRoute"/> only hosts on the link are reached.</param>
    /// <exception cref="ArgumentOutOfRangeException">The array has no such part.</exception>
    /// <inheritdoc cref="Send(ReadOnlySpan{byte})"/>
    public int Send(byte[] buffer, int offset, int size, SocketFlags socketFlags) => Send(Part(buffer, offset, size), socketFlags);

    /// <summary>Sends a part of an array to the peer, and says what went wrong without an exception.</summary>
    /// <returns>The number of bytes; 0 when something went wrong.</returns>
    /// <inheritdoc cref="Send(byte[], int, int, SocketFlags)"/>
    public int Send(byte[] buffer, int offset, int size, SocketFlags socketFlags, out SocketError errorCode) =>
        Send(Part(buffer, offset, size), socketFlags, out errorCode);

    /// <inheritdoc cref="SendTo(ReadOnlySpan{byte}, EndPoint)"/>
    public int SendTo(byte[] buffer, EndPoint remoteEP) => SendTo(All(buffer), remoteEP);

    /// <inheritdoc cref="SendTo(ReadOnlySpan{byte}, SocketFlags, EndPoint)"/>
    public int SendTo(byte[] buffer, SocketFlags socketFlags, EndPoint remoteEP) => SendTo(All(buffer), socketFlags, remoteEP);

    /// <inheritdoc cref="SendTo(byte[], int, int, SocketFlags, EndPoint)"/>
    public int SendTo(byte[] buffer, int size, SocketFlags socketFlags, EndPoint remoteEP) =>
        SendTo(Part(buffer, 0, size), socketFlags, remoteEP);

    /// <summary>Sends a part of an array to a destination.</summary>
    /// <inheritdoc cref="Send(byte[], int, int, SocketFlags)"/>
    public int SendTo(byte[] buffer, int offset, int size, SocketFlags socketFlags, EndPoint remoteEP) =>
        SendTo(Part(buffer, offset, size), socketFlags, remoteEP);

    /// <inheritdoc cref="Receive(Span{byte})"/>
    public int Receive(byte[] buffer) => Receive(All(buffer));

    /// <inheritdoc cref="Receive(Span{byte}, SocketFlags)"/>
    public int Receive(byte[] buffer, SocketFlags socketFlags) => Receive(All(buffer), socketFlags);

    /// <inheritdoc cref="Receive(byte[], int, int, SocketFlags)"/>
    public int Receive(byte[] buffer, int size, SocketFlags socketFlags) => Receive(Part(buffer, 0, size), socketFlags);

    /// <summary>Receives a datagram into a part of an array.</summary>
    /// <param name="buffer">Where the payload goes.</param>
    /// <param name="offset">Where in it.</param>
    /// <param name="size">How long the part is, in bytes.</param>
    /// <param name="socketFlags">As with <see cref="Receive(Span{byte}, SocketFlags)"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The array has no such part.</exception>
    /// <inheritdoc cref="Receive(Span{byte})"/>
    public int Receive(byte[] buffer, int offset, int size, SocketFlags socketFlags) => Receive(Part(buffer, offset, size), socketFlags);

    /// <summary>Receives a datagram into a part of an array, and says what went wrong without an exception.</summary>
    /// <returns>The number of bytes written to the buffer; 0 when something went wrong.</returns>
    /// <inheritdoc cref="Receive(byte[], int, int, SocketFlags)"/>
    public int Receive(byte[] buffer, int offset, int size, SocketFlags socketFlags, out SocketError errorCode) =>
        Receive(Part(buffer, offset, size), socketFlags, out errorCode);

    /// <inheritdoc cref="ReceiveFrom(Span{byte}, ref EndPoint)"/>
    public int ReceiveFrom(byte[] buffer, ref EndPoint remoteEP) => ReceiveFrom(All(buffer), ref remoteEP);

    /// <inheritdoc cref="ReceiveFrom(Span{byte}, SocketFlags, ref EndPoint)"/>
    public int ReceiveFrom(byte[] buffer, SocketFlags socketFlags, ref EndPoint remoteEP) =>
        ReceiveFrom(All(buffer), socketFlags, ref remoteEP);

    /// <inheritdoc cref="ReceiveFrom(byte[], int, int, SocketFlags, ref EndPoint)"/>
    public int ReceiveFrom(byte[] buffer, int size, SocketFlags socketFlags, ref EndPoint remoteEP) =>
        ReceiveFrom(Part(buffer, 0, size), socketFlags, ref remoteEP);

    /// <summary>Receives a datagram into a part of an array and tells who sent it.</summary>
    /// <inheritdoc cref="Receive(byte[], int, int, SocketFlags)"/>
    /// <inheritdoc cref="ReceiveFrom(Span{byte}, ref EndPoint)"/>
    public int ReceiveFrom(byte[] buffer, int offset, int size, SocketFlags socketFlags, ref EndPoint remoteEP) =>
        ReceiveFrom(Part(buffer, offset, size), socketFlags, ref remoteEP);

    /// <summary>Receives a datagram into a part of an array, and tells who sent it, to which address, and whether it was cut.</summary>
    /// <inheritdoc cref="Receive(byte[], int, int, SocketFlags)"/>
    /// <inheritdoc cref="ReceiveMessageFrom(Span{byte}, ref SocketFlags, ref EndPoint, out IPPacketInformation)"/>
    public int ReceiveMessageFrom(
        byte[] buffer, int offset, int size, ref SocketFlags socketFlags, ref EndPoint remoteEP, out IPPacketInformation ipPacketInformation) =>
        ReceiveMessageFrom(Part(buffer, offset, size), ref socketFlags, ref remoteEP, out ipPacketInformation);

    private Span<byte> All(byte[] buffer)
    {
        ThrowIfDisposed();
        ArgumentNullException.ThrowIfNull(buffer);
        return buffer;
    }

    private Span<byte> Part(byte[] buffer, int offset, int size)
    {
        ThrowIfDisposed();
        return Range(buffer, offset, size).Span;
    }

    // A negative number is told as the large one that its bits are, as the framework does.
    private static Memory<byte> Range(byte[] buffer, int offset, int size)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)offset, (uint)buffer.Length, nameof(offset));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)size, (uint)(buffer.Length - offset), nameof(size));
        return buffer.AsMemory(offset, size);
    }
}
