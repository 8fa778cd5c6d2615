using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp;

/// <content>Sending and receiving by Begin and End.</content>
public partial class MemifUdpClient
{
    /// <summary>Begins to send a datagram to the default peer.</summary>
    /// <inheritdoc cref="BeginSend(byte[], int, IPEndPoint?, AsyncCallback?, object?)"/>
    public IAsyncResult BeginSend(byte[] datagram, int bytes, AsyncCallback? requestCallback, object? state) =>
        BeginSend(datagram, bytes, null, requestCallback, state);

    /// <summary>Begins to send a datagram.</summary>
    /// <param name="datagram">Holds the payload.</param>
    /// <param name="bytes">Length of the payload.</param>
    /// <param name="endPoint">The destination; null for the default peer.</param>
    /// <param name="requestCallback">Called when it is over.</param>
    /// <param name="state">What is the caller's own.</param>
    /// <exception cref="InvalidOperationException">There is a default peer and also a destination.</exception>
    public IAsyncResult BeginSend(byte[] datagram, int bytes, IPEndPoint? endPoint, AsyncCallback? requestCallback, object? state) =>
        TaskToAsyncResult.Begin(SendAsync(datagram, bytes, endPoint), requestCallback, state);

    /// <summary>Begins to send a datagram to a host, which is resolved at once.</summary>
    /// <inheritdoc cref="BeginSend(byte[], int, IPEndPoint?, AsyncCallback?, object?)"/>
    public IAsyncResult BeginSend(byte[] datagram, int bytes, string? hostname, int port, AsyncCallback? requestCallback, object? state) =>
        BeginSend(datagram, bytes, Resolve(hostname, port), requestCallback, state);

    /// <summary>Waits for the end of a send.</summary>
    /// <returns>The number of bytes sent.</returns>
    /// <exception cref="ArgumentException">The result is of something else.</exception>
    /// <exception cref="SocketException">It has failed.</exception>
    /// <exception cref="ObjectDisposedException">The client is closed.</exception>
    public int EndSend(IAsyncResult asyncResult)
    {
        ThrowIfDisposed();
        return TaskToAsyncResult.End<int>(asyncResult);
    }

    /// <summary>Begins to receive a datagram.</summary>
    /// <exception cref="InvalidOperationException">The client has neither been bound nor sent anything.</exception>
    /// <exception cref="ObjectDisposedException">The client is closed.</exception>
    public IAsyncResult BeginReceive(AsyncCallback? requestCallback, object? state) =>
        TaskToAsyncResult.Begin(ReceiveAsync(), requestCallback, state);

    /// <summary>Waits for the end of a receive.</summary>
    /// <param name="asyncResult">Of <see cref="BeginReceive"/>.</param>
    /// <param name="remoteEP">Set to the sender; what it holds before does not matter.</param>
    /// <returns>The payload, in an array of its length.</returns>
    /// <exception cref="ArgumentException">The result is of something else.</exception>
    /// <exception cref="SocketException">It has failed.</exception>
    /// <exception cref="ObjectDisposedException">The client is closed, even if it was so meanwhile.</exception>
    public byte[] EndReceive(IAsyncResult asyncResult, ref IPEndPoint? remoteEP)
    {
        ThrowIfDisposed();
        UdpReceiveResult result = TaskToAsyncResult.End<UdpReceiveResult>(asyncResult);
        remoteEP = result.RemoteEndPoint;
        return result.Buffer;
    }
}
