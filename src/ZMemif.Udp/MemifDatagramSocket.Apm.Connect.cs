using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp;

#pragma warning disable CA1822 // End… are members of an instance by contract.

/// <content>Connecting and its end, by Begin and End.</content>
public partial class MemifDatagramSocket
{
    /// <summary>Begins to set the peer; pends only while a name is resolved.</summary>
    /// <exception cref="NotSupportedException">The endpoint is not of IPv4.</exception>
    /// <exception cref="ObjectDisposedException">The socket is closed.</exception>
    public IAsyncResult BeginConnect(EndPoint remoteEP, AsyncCallback? callback, object? state) =>
        TaskToAsyncResult.Begin(ConnectAsync(remoteEP), callback, state);

    /// <summary>Begins to set the peer.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The port is not 0 to 65535.</exception>
    /// <inheritdoc cref="BeginConnect(EndPoint, AsyncCallback?, object?)"/>
    public IAsyncResult BeginConnect(IPAddress address, int port, AsyncCallback? requestCallback, object? state) =>
        TaskToAsyncResult.Begin(ConnectAsync(address, port), requestCallback, state);

    /// <summary>Begins to set the peer to the first of several addresses that can be one.</summary>
    /// <exception cref="ArgumentException">There are no addresses.</exception>
    /// <inheritdoc cref="BeginConnect(IPAddress, int, AsyncCallback?, object?)"/>
    public IAsyncResult BeginConnect(IPAddress[] addresses, int port, AsyncCallback? requestCallback, object? state) =>
        TaskToAsyncResult.Begin(ConnectAsync(addresses, port), requestCallback, state);

    /// <summary>Begins to set the peer to a host, whose name is resolved.</summary>
    /// <inheritdoc cref="BeginConnect(IPAddress, int, AsyncCallback?, object?)"/>
    public IAsyncResult BeginConnect(string host, int port, AsyncCallback? requestCallback, object? state) =>
        TaskToAsyncResult.Begin(ConnectAsync(host, port), requestCallback, state);

    /// <summary>Waits for the end of a connect.</summary>
    /// <exception cref="ArgumentException">The result is of something else.</exception>
    /// <exception cref="SocketException">It has failed.</exception>
    public void EndConnect(IAsyncResult asyncResult) => TaskToAsyncResult.End(asyncResult);

    /// <summary>Dissolves the connection.</summary>
    /// <exception cref="SocketException">The socket has no peer.</exception>
    /// <exception cref="ObjectDisposedException">The socket is closed.</exception>
    public IAsyncResult BeginDisconnect(bool reuseSocket, AsyncCallback? callback, object? state)
    {
        Disconnect(reuseSocket);
        return TaskToAsyncResult.Begin(Task.CompletedTask, callback, state);
    }

    /// <summary>Waits for the end of a disconnect.</summary>
    /// <exception cref="ArgumentException">The result is of something else.</exception>
    public void EndDisconnect(IAsyncResult asyncResult) => TaskToAsyncResult.End(asyncResult);
}
