using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp;

#pragma warning disable CA1822 // End… are members of an instance by contract.

/// <content>Sending by Begin and End.</content>
public partial class MemifDatagramSocket
{
    /// <summary>Begins to send a datagram to the peer; pends while the ring is full.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The buffer has no such part.</exception>
    /// <exception cref="ObjectDisposedException">The socket is closed.</exception>
    public IAsyncResult BeginSend(byte[] buffer, int offset, int size, SocketFlags socketFlags, AsyncCallback? callback, object? state) =>
        TaskToAsyncResult.Begin(SendFrom(buffer, offset, size, socketFlags), callback, state);

    /// <inheritdoc cref="BeginSend(byte[], int, int, SocketFlags, AsyncCallback?, object?)"/>
    /// <returns>Null, if it has failed at once.</returns>
    public IAsyncResult? BeginSend(
        byte[] buffer, int offset, int size, SocketFlags socketFlags, out SocketError errorCode, AsyncCallback? callback, object? state) =>
        Begin(SendFrom(buffer, offset, size, socketFlags), out errorCode, callback, state);

    /// <summary>Begins to send several buffers as one datagram to the peer; pends while the ring is full.</summary>
    /// <exception cref="ArgumentException">There are no buffers.</exception>
    /// <exception cref="ObjectDisposedException">The socket is closed.</exception>
    public IAsyncResult BeginSend(IList<ArraySegment<byte>> buffers, SocketFlags socketFlags, AsyncCallback? callback, object? state)
    {
        ThrowIfDisposed();
        return TaskToAsyncResult.Begin(SendAsync(buffers, socketFlags), callback, state);
    }

    /// <inheritdoc cref="BeginSend(IList{ArraySegment{byte}}, SocketFlags, AsyncCallback?, object?)"/>
    /// <returns>Null, if it has failed at once.</returns>
    public IAsyncResult? BeginSend(
        IList<ArraySegment<byte>> buffers, SocketFlags socketFlags, out SocketError errorCode, AsyncCallback? callback, object? state)
    {
        ThrowIfDisposed();
        return Begin(SendAsync(buffers, socketFlags), out errorCode, callback, state);
    }

    /// <summary>Waits for the end of a send.</summary>
    /// <returns>The number of bytes sent.</returns>
    /// <exception cref="ArgumentException">The result is of something else.</exception>
    /// <inheritdoc cref="Send(ReadOnlySpan{byte})"/>
    public int EndSend(IAsyncResult asyncResult) => TaskToAsyncResult.End<int>(asyncResult);

    /// <summary>Waits for the end of a send, and says what went wrong without an exception.</summary>
    /// <returns>The number of bytes sent; 0 when something went wrong.</returns>
    /// <exception cref="ArgumentException">The result is of something else.</exception>
    public int EndSend(IAsyncResult asyncResult, out SocketError errorCode) => End(asyncResult, out errorCode);

    /// <summary>Begins to send a datagram to a destination; pends while the ring is full.</summary>
    /// <inheritdoc cref="BeginSend(byte[], int, int, SocketFlags, AsyncCallback?, object?)"/>
    public IAsyncResult BeginSendTo(
        byte[] buffer, int offset, int size, SocketFlags socketFlags, EndPoint remoteEP, AsyncCallback? callback, object? state)
    {
        ThrowIfDisposed();
        Memory<byte> part = Range(buffer, offset, size);
        return TaskToAsyncResult.Begin(SendToAsync(part, socketFlags, remoteEP).AsTask(), callback, state);
    }

    /// <inheritdoc cref="EndSend(IAsyncResult)"/>
    public int EndSendTo(IAsyncResult asyncResult) => TaskToAsyncResult.End<int>(asyncResult);

    private Task<int> SendFrom(byte[] buffer, int offset, int size, SocketFlags socketFlags)
    {
        ThrowIfDisposed();
        return SendAsync(Range(buffer, offset, size), socketFlags).AsTask();
    }
}
