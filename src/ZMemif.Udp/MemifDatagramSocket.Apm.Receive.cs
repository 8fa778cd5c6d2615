using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp;

#pragma warning disable CA1822 // End… are members of an instance by contract.

/// <content>Receiving by Begin and End.</content>
public partial class MemifDatagramSocket
{
    /// <summary>Begins to receive a datagram.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The buffer has no such part.</exception>
    /// <exception cref="ObjectDisposedException">The socket is closed.</exception>
    public IAsyncResult BeginReceive(byte[] buffer, int offset, int size, SocketFlags socketFlags, AsyncCallback? callback, object? state) =>
        TaskToAsyncResult.Begin(ReceiveInto(buffer, offset, size, socketFlags), callback, state);

    /// <inheritdoc cref="BeginReceive(byte[], int, int, SocketFlags, AsyncCallback?, object?)"/>
    /// <returns>Null, if it has failed at once.</returns>
    public IAsyncResult? BeginReceive(
        byte[] buffer, int offset, int size, SocketFlags socketFlags, out SocketError errorCode, AsyncCallback? callback, object? state) =>
        Begin(ReceiveInto(buffer, offset, size, socketFlags), out errorCode, callback, state);

    /// <summary>Begins to receive a datagram into several buffers, one after the other.</summary>
    /// <exception cref="ArgumentException">There are no buffers.</exception>
    /// <exception cref="ObjectDisposedException">The socket is closed.</exception>
    public IAsyncResult BeginReceive(IList<ArraySegment<byte>> buffers, SocketFlags socketFlags, AsyncCallback? callback, object? state)
    {
        ThrowIfDisposed();
        return TaskToAsyncResult.Begin(ReceiveAsync(buffers, socketFlags), callback, state);
    }

    /// <inheritdoc cref="BeginReceive(IList{ArraySegment{byte}}, SocketFlags, AsyncCallback?, object?)"/>
    /// <returns>Null, if it has failed at once.</returns>
    public IAsyncResult? BeginReceive(
        IList<ArraySegment<byte>> buffers, SocketFlags socketFlags, out SocketError errorCode, AsyncCallback? callback, object? state)
    {
        ThrowIfDisposed();
        return Begin(ReceiveAsync(buffers, socketFlags), out errorCode, callback, state);
    }

    /// <summary>Waits for the end of a receive.</summary>
    /// <returns>The number of bytes received.</returns>
    /// <exception cref="ArgumentException">The result is of something else.</exception>
    /// <inheritdoc cref="Receive(Span{byte})"/>
    public int EndReceive(IAsyncResult asyncResult) => TaskToAsyncResult.End<int>(asyncResult);

    /// <summary>Waits for the end of a receive, and says what went wrong without an exception.</summary>
    /// <returns>The number of bytes received; 0 when something went wrong.</returns>
    /// <exception cref="ArgumentException">The result is of something else.</exception>
    public int EndReceive(IAsyncResult asyncResult, out SocketError errorCode) => End(asyncResult, out errorCode);

    /// <summary>Begins to receive a datagram, and tells who sent it, if it is there already.</summary>
    /// <exception cref="ArgumentException">The endpoint is not of IPv4.</exception>
    /// <exception cref="InvalidOperationException">The socket is not bound.</exception>
    /// <inheritdoc cref="BeginReceive(byte[], int, int, SocketFlags, AsyncCallback?, object?)"/>
    public IAsyncResult BeginReceiveFrom(
        byte[] buffer, int offset, int size, SocketFlags socketFlags, ref EndPoint remoteEP, AsyncCallback? callback, object? state)
    {
        ThrowIfDisposed();
        Memory<byte> part = Range(buffer, offset, size);
        RequireReceivable(remoteEP, nameof(remoteEP));
        Task<SocketReceiveFromResult> task = ReceiveFromAsync(part, socketFlags, remoteEP).AsTask();
        if (task.IsCompletedSuccessfully)
            Replace(ref remoteEP, task.Result.RemoteEndPoint);
        return TaskToAsyncResult.Begin(task, callback, state);
    }

    /// <summary>Waits for the end of a receive.</summary>
    /// <param name="asyncResult">Of <see cref="BeginReceiveFrom"/>.</param>
    /// <param name="endPoint">An IPv4 endpoint, which is not looked at otherwise; replaced by the sender's.</param>
    /// <inheritdoc cref="EndReceive(IAsyncResult)"/>
    public int EndReceiveFrom(IAsyncResult asyncResult, ref EndPoint endPoint)
    {
        RequireReplaceable(endPoint);
        SocketReceiveFromResult result = TaskToAsyncResult.End<SocketReceiveFromResult>(asyncResult);
        Replace(ref endPoint, result.RemoteEndPoint);
        return result.ReceivedBytes;
    }

    /// <summary>Begins to receive a datagram, and tells who sent it, if it is there already.</summary>
    /// <inheritdoc cref="BeginReceiveFrom"/>
    public IAsyncResult BeginReceiveMessageFrom(
        byte[] buffer, int offset, int size, SocketFlags socketFlags, ref EndPoint remoteEP, AsyncCallback? callback, object? state)
    {
        ThrowIfDisposed();
        Memory<byte> part = Range(buffer, offset, size);
        RequireReceivable(remoteEP, nameof(remoteEP));
        Task<SocketReceiveMessageFromResult> task = ReceiveMessageFromAsync(part, socketFlags, remoteEP).AsTask();
        if (task.IsCompletedSuccessfully)
            Replace(ref remoteEP, task.Result.RemoteEndPoint);
        return TaskToAsyncResult.Begin(task, callback, state);
    }

    /// <summary>Waits for the end of a receive.</summary>
    /// <param name="asyncResult">Of <see cref="BeginReceiveMessageFrom"/>.</param>
    /// <param name="socketFlags">Set to <see cref="SocketFlags.Truncated"/> if the datagram was cut, otherwise to nothing.</param>
    /// <param name="endPoint">An IPv4 endpoint, which is not looked at otherwise; replaced by the sender's.</param>
    /// <param name="ipPacketInformation">To which address it was sent, and on which interface it came.</param>
    /// <inheritdoc cref="EndReceive(IAsyncResult)"/>
    public int EndReceiveMessageFrom(
        IAsyncResult asyncResult, ref SocketFlags socketFlags, ref EndPoint endPoint, out IPPacketInformation ipPacketInformation)
    {
        RequireReplaceable(endPoint);
        SocketReceiveMessageFromResult result = TaskToAsyncResult.End<SocketReceiveMessageFromResult>(asyncResult);
        Replace(ref endPoint, result.RemoteEndPoint);
        socketFlags = result.SocketFlags;
        ipPacketInformation = result.PacketInformation;
        return result.ReceivedBytes;
    }

    private Task<int> ReceiveInto(byte[] buffer, int offset, int size, SocketFlags socketFlags)
    {
        ThrowIfDisposed();
        return ReceiveAsync(Range(buffer, offset, size), socketFlags).AsTask();
    }

    private void RequireReplaceable(EndPoint endPoint)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        if (endPoint.AddressFamily != AddressFamily)
            throw new ArgumentException($"An endpoint of the family {AddressFamily} is needed, not {endPoint}.", nameof(endPoint));
    }

    private static void Replace(ref EndPoint endPoint, EndPoint sender)
    {
        if (!endPoint.Equals(sender))
            endPoint = sender;
    }
}
