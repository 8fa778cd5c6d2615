using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp;

/// <content>Sending and receiving asynchronously from and into parts of arrays, with a task as the answer.</content>
public partial class MemifDatagramSocket
{
    /// <inheritdoc cref="SendAsync(ReadOnlyMemory{byte}, CancellationToken)"/>
    public Task<int> SendAsync(ArraySegment<byte> buffer) => SendAsync(buffer, SocketFlags.None);

    /// <inheritdoc cref="SendAsync(ReadOnlyMemory{byte}, SocketFlags, CancellationToken)"/>
    public Task<int> SendAsync(ArraySegment<byte> buffer, SocketFlags socketFlags) =>
        SendAsync(Checked(buffer), socketFlags, CancellationToken.None).AsTask();

    /// <inheritdoc cref="SendToAsync(ReadOnlyMemory{byte}, EndPoint, CancellationToken)"/>
    public Task<int> SendToAsync(ArraySegment<byte> buffer, EndPoint remoteEP) => SendToAsync(buffer, SocketFlags.None, remoteEP);

    /// <inheritdoc cref="SendToAsync(ReadOnlyMemory{byte}, SocketFlags, EndPoint, CancellationToken)"/>
    public Task<int> SendToAsync(ArraySegment<byte> buffer, SocketFlags socketFlags, EndPoint remoteEP) =>
        SendToAsync(Checked(buffer), socketFlags, remoteEP, CancellationToken.None).AsTask();

    /// <inheritdoc cref="ReceiveAsync(Memory{byte}, CancellationToken)"/>
    public Task<int> ReceiveAsync(ArraySegment<byte> buffer) => ReceiveAsync(buffer, SocketFlags.None);

    /// <inheritdoc cref="ReceiveAsync(Memory{byte}, SocketFlags, CancellationToken)"/>
    public Task<int> ReceiveAsync(ArraySegment<byte> buffer, SocketFlags socketFlags) =>
        ReceiveAsync(Checked(buffer), socketFlags, CancellationToken.None).AsTask();

    /// <inheritdoc cref="ReceiveFromAsync(Memory{byte}, EndPoint, CancellationToken)"/>
    public Task<SocketReceiveFromResult> ReceiveFromAsync(ArraySegment<byte> buffer, EndPoint remoteEndPoint) =>
        ReceiveFromAsync(buffer, SocketFlags.None, remoteEndPoint);

    /// <inheritdoc cref="ReceiveFromAsync(Memory{byte}, SocketFlags, EndPoint, CancellationToken)"/>
    public Task<SocketReceiveFromResult> ReceiveFromAsync(ArraySegment<byte> buffer, SocketFlags socketFlags, EndPoint remoteEndPoint) =>
        ReceiveFromAsync(Checked(buffer), socketFlags, remoteEndPoint, CancellationToken.None).AsTask();

    /// <inheritdoc cref="ReceiveMessageFromAsync(Memory{byte}, EndPoint, CancellationToken)"/>
    public Task<SocketReceiveMessageFromResult> ReceiveMessageFromAsync(ArraySegment<byte> buffer, EndPoint remoteEndPoint) =>
        ReceiveMessageFromAsync(buffer, SocketFlags.None, remoteEndPoint);

    /// <inheritdoc cref="ReceiveMessageFromAsync(Memory{byte}, SocketFlags, EndPoint, CancellationToken)"/>
    public Task<SocketReceiveMessageFromResult> ReceiveMessageFromAsync(
        ArraySegment<byte> buffer, SocketFlags socketFlags, EndPoint remoteEndPoint) =>
        ReceiveMessageFromAsync(Checked(buffer), socketFlags, remoteEndPoint, CancellationToken.None).AsTask();

    // A default segment is part of nothing: it is refused by the name of what it lacks, as the framework does.
    private static Memory<byte> Checked(ArraySegment<byte> buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer.Array, nameof(buffer.Array));
        return buffer;
    }
}
