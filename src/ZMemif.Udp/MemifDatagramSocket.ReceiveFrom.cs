using System.Net;
using System.Net.Sockets;
using ZMemif.Udp.Sockets;
using ZMemif.Udp.Stack;

namespace ZMemif.Udp;

/// <content>Receiving, and learning who has sent it and where to.</content>
public partial class MemifDatagramSocket
{
    /// <summary>Receives a datagram and tells who sent it.</summary>
    /// <param name="buffer">Where the payload goes.</param>
    /// <param name="remoteEP">An IPv4 endpoint, which is not looked at otherwise; replaced by the sender's.</param>
    /// <exception cref="ArgumentException">The endpoint is not of IPv4.</exception>
    /// <exception cref="InvalidOperationException">The socket is not bound.</exception>
    /// <inheritdoc cref="Receive(Span{byte})"/>
    public int ReceiveFrom(Span<byte> buffer, ref EndPoint remoteEP) => ReceiveFrom(buffer, SocketFlags.None, ref remoteEP);

    /// <inheritdoc cref="ReceiveFrom(Span{byte}, ref EndPoint)"/>
    public int ReceiveFrom(Span<byte> buffer, SocketFlags socketFlags, ref EndPoint remoteEP)
    {
        ThrowIfDisposed();
        RequireReceivable(remoteEP, nameof(remoteEP));
        DirectReceive direct = ReceiveFrom(buffer, socketFlags);
        remoteEP = direct.Source.ToEndPoint();
        return ReceiveFlags.CountOf(direct.Length, buffer.Length, socketFlags);
    }

    /// <summary>Receives a datagram and writes who sent it into an object that can be used again and again.</summary>
    /// <param name="buffer">Where the payload goes.</param>
    /// <param name="socketFlags">As with <see cref="Receive(Span{byte}, SocketFlags)"/>.</param>
    /// <param name="receivedAddress">At least as long as an IPv4 endpoint: 16 bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The address object is too short.</exception>
    /// <inheritdoc cref="Receive(Span{byte})"/>
    public int ReceiveFrom(Span<byte> buffer, SocketFlags socketFlags, SocketAddress receivedAddress)
    {
        ThrowIfDisposed();
        RequireRoom(receivedAddress);
        DirectReceive direct = ReceiveFrom(buffer, socketFlags);
        SocketAddresses.Write(receivedAddress, direct.Source);
        return ReceiveFlags.CountOf(direct.Length, buffer.Length, socketFlags);
    }

    /// <inheritdoc cref="ReceiveFrom(Span{byte}, ref EndPoint)"/>
    public ValueTask<SocketReceiveFromResult> ReceiveFromAsync(
        Memory<byte> buffer, EndPoint remoteEndPoint, CancellationToken cancellationToken = default) =>
        ReceiveFromAsync(buffer, SocketFlags.None, remoteEndPoint, cancellationToken);

    /// <inheritdoc cref="ReceiveFrom(Span{byte}, ref EndPoint)"/>
    public ValueTask<SocketReceiveFromResult> ReceiveFromAsync(
        Memory<byte> buffer, SocketFlags socketFlags, EndPoint remoteEndPoint, CancellationToken cancellationToken = default)
    {
        RequireReceivable(remoteEndPoint, nameof(remoteEndPoint));
        return ReceiveAsync<SenderShape, SocketReceiveFromResult>(new ReceiveTarget(this, buffer, socketFlags, Address: null), cancellationToken);
    }

    /// <inheritdoc cref="ReceiveFrom(Span{byte}, SocketFlags, SocketAddress)"/>
    public ValueTask<int> ReceiveFromAsync(
        Memory<byte> buffer, SocketFlags socketFlags, SocketAddress receivedAddress, CancellationToken cancellationToken = default)
    {
        RequireRoom(receivedAddress);
        return ReceiveAsync<CountShape, int>(new ReceiveTarget(this, buffer, socketFlags, receivedAddress), cancellationToken);
    }

    /// <summary>Receives a datagram, and tells who sent it, to which address, and whether it was cut.</summary>
    /// <param name="buffer">Where the payload goes.</param>
    /// <param name="socketFlags">In: as with <see cref="Receive(Span{byte}, SocketFlags)"/>. Out: <see cref="SocketFlags.Truncated"/> if it was cut.</param>
    /// <param name="remoteEP">An IPv4 endpoint, which is not looked at otherwise; replaced by the sender's.</param>
    /// <param name="ipPacketInformation">The datagram's destination: an own address, a group or a broadcast address; and the number of the interface, which is 0 for a datagram that came before anybody asked for it, as on Linux.</param>
    /// <inheritdoc cref="ReceiveFrom(Span{byte}, ref EndPoint)"/>
    public int ReceiveMessageFrom(Span<byte> buffer, ref SocketFlags socketFlags, ref EndPoint remoteEP, out IPPacketInformation ipPacketInformation)
    {
        ThrowIfDisposed();
        RequireReceivable(remoteEP, nameof(remoteEP));
        _endpoint.Inbox.NotesInterface = true;
        DirectReceive direct = ReceiveFrom(buffer, socketFlags);
        int count = ReceiveFlags.CountOf(direct.Length, buffer.Length, socketFlags);
        socketFlags = ReceiveFlags.Told(direct.Length, buffer.Length);
        remoteEP = direct.Source.ToEndPoint();
        ipPacketInformation = PacketInformation.Create(direct.Destination, direct.InterfaceIndex);
        return count;
    }

    /// <inheritdoc cref="ReceiveMessageFrom(Span{byte}, ref SocketFlags, ref EndPoint, out IPPacketInformation)"/>
    public ValueTask<SocketReceiveMessageFromResult> ReceiveMessageFromAsync(
        Memory<byte> buffer, EndPoint remoteEndPoint, CancellationToken cancellationToken = default) =>
        ReceiveMessageFromAsync(buffer, SocketFlags.None, remoteEndPoint, cancellationToken);

    /// <inheritdoc cref="ReceiveMessageFrom(Span{byte}, ref SocketFlags, ref EndPoint, out IPPacketInformation)"/>
    public ValueTask<SocketReceiveMessageFromResult> ReceiveMessageFromAsync(
        Memory<byte> buffer, SocketFlags socketFlags, EndPoint remoteEndPoint, CancellationToken cancellationToken = default)
    {
        RequireReceivable(remoteEndPoint, nameof(remoteEndPoint));
        _endpoint.Inbox.NotesInterface = true;
        return ReceiveAsync<MessageShape, SocketReceiveMessageFromResult>(new ReceiveTarget(this, buffer, socketFlags, Address: null), cancellationToken);
    }

    private DirectReceive ReceiveFrom(Span<byte> buffer, SocketFlags socketFlags)
    {
        DirectReceive direct = DirectReceive.Into(_endpoint, buffer);
        SocketError error = Receive(ref direct, socketFlags, buffer.Length);
        return error == SocketError.Success ? direct : throw Failure(error);
    }

    private void RequireReceivable(EndPoint remoteEP, string parameter)
    {
        ArgumentNullException.ThrowIfNull(remoteEP, parameter);
        if (remoteEP is DnsEndPoint || remoteEP.AddressFamily != AddressFamily)
            throw new ArgumentException($"An endpoint of the family {AddressFamily} is needed, not {remoteEP}.", parameter);
        if (!IsBound)
            throw new InvalidOperationException("The socket must be bound before it can receive: call Bind, or send something first.");
    }

    private static void RequireRoom(SocketAddress receivedAddress)
    {
        ArgumentNullException.ThrowIfNull(receivedAddress);
        if (receivedAddress.Size < SocketAddresses.Length)
            throw new ArgumentOutOfRangeException(nameof(receivedAddress));
    }
}
