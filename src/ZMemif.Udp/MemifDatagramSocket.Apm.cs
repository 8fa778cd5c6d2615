using System.Net.Sockets;

namespace ZMemif.Udp;

#pragma warning disable CA1822 // End… are members of an instance by contract.

/// <content>What Begin and End methods have in common, and those that only a stream has a use for.</content>
/// <remarks>
/// What <c>Begin…</c> cannot do because of its arguments, it refuses; what goes wrong later, <c>End…</c> tells, as often as it is asked.
/// An operation that is over at once calls back before <c>Begin…</c> returns, others on the thread pool.
/// </remarks>
public partial class MemifDatagramSocket
{
    /// <summary>Sends no file: datagrams have no place for one.</summary>
    /// <returns>What has failed, as <see cref="EndSendFile"/> tells.</returns>
    /// <exception cref="NotSupportedException">The socket is not connected; otherwise <see cref="EndSendFile"/> throws it.</exception>
    /// <exception cref="ObjectDisposedException">The socket is closed.</exception>
    public IAsyncResult BeginSendFile(string? fileName, AsyncCallback? callback, object? state) =>
        BeginSendFile(fileName, preBuffer: null, postBuffer: null, TransmitFileOptions.UseDefaultWorkerThread, callback, state);

    /// <inheritdoc cref="BeginSendFile(string?, AsyncCallback?, object?)"/>
    public IAsyncResult BeginSendFile(
        string? fileName, byte[]? preBuffer, byte[]? postBuffer, TransmitFileOptions flags, AsyncCallback? callback, object? state)
    {
        ThrowIfDisposed();
        var failure = new NotSupportedException("Files are sent by streams only.");
        return Connected ? TaskToAsyncResult.Begin(Task.FromException(failure), callback, state) : throw failure;
    }

    /// <summary>Tells that no file was sent.</summary>
    /// <exception cref="ArgumentException">The result is of something else.</exception>
    /// <exception cref="NotSupportedException">Otherwise.</exception>
    public void EndSendFile(IAsyncResult asyncResult) => TaskToAsyncResult.End(asyncResult);

    /// <summary>Accepts nobody: a socket of datagrams does not listen.</summary>
    /// <returns>Nothing: it always throws.</returns>
    /// <exception cref="InvalidOperationException">Always, if the socket is not closed.</exception>
    /// <exception cref="ObjectDisposedException">The socket is closed.</exception>
    public IAsyncResult BeginAccept(AsyncCallback? callback, object? state)
    {
        ThrowIfDisposed();
        throw NotListening();
    }

    /// <summary>Accepts nobody: a socket of datagrams does not listen.</summary>
    /// <returns>What has failed, as <see cref="EndAccept(out byte[], IAsyncResult)"/> tells.</returns>
    public IAsyncResult BeginAccept(int receiveSize, AsyncCallback? callback, object? state) =>
        BeginAccept(acceptSocket: null, receiveSize, callback, state);

    /// <inheritdoc cref="BeginAccept(int, AsyncCallback?, object?)"/>
    public IAsyncResult BeginAccept(MemifDatagramSocket? acceptSocket, int receiveSize, AsyncCallback? callback, object? state)
    {
        Exception failure = IsDisposed ? new ObjectDisposedException(GetType().FullName) : NotListening();
        return TaskToAsyncResult.Begin(Task.FromException<(MemifDatagramSocket, byte[], int)>(failure), callback, state);
    }

    /// <summary>Ends what <see cref="BeginAccept(AsyncCallback?, object?)"/> cannot begin.</summary>
    /// <exception cref="ArgumentException">Always: the result is of something else.</exception>
    public MemifDatagramSocket EndAccept(IAsyncResult asyncResult) => TaskToAsyncResult.End<MemifDatagramSocket>(asyncResult);

    /// <inheritdoc cref="EndAccept(out byte[], out int, IAsyncResult)"/>
    public MemifDatagramSocket EndAccept(out byte[] buffer, IAsyncResult asyncResult) => EndAccept(out buffer, out _, asyncResult);

    /// <summary>Tells that nobody was accepted.</summary>
    /// <exception cref="ArgumentException">The result is of something else.</exception>
    /// <exception cref="InvalidOperationException">Otherwise: the socket does not listen.</exception>
    public MemifDatagramSocket EndAccept(out byte[] buffer, out int bytesTransferred, IAsyncResult asyncResult)
    {
        (MemifDatagramSocket accepted, buffer, bytesTransferred) = TaskToAsyncResult.End<(MemifDatagramSocket, byte[], int)>(asyncResult);
        return accepted;
    }

    private static InvalidOperationException NotListening() => new("The socket does not listen.");

    private static IAsyncResult? Begin(Task<int> task, out SocketError errorCode, AsyncCallback? callback, object? state)
    {
        errorCode = SocketError.Success;
        if (task.IsFaulted)
            Result(task.GetAwaiter().GetResult, out errorCode);
        return errorCode == SocketError.Success ? TaskToAsyncResult.Begin(task, callback, state) : null;
    }

    private static int End(IAsyncResult asyncResult, out SocketError errorCode) => Result(() => TaskToAsyncResult.End<int>(asyncResult), out errorCode);

    private static int Result(Func<int> end, out SocketError errorCode)
    {
        try
        {
            errorCode = SocketError.Success;
            return end();
        }
        catch (SocketException e)
        {
            errorCode = e.SocketErrorCode;
            return 0;
        }
    }
}
