using System.Net;
using System.Net.Sockets;
using ZMemif.Udp.Sockets;
using ZMemif.Udp.Stack;

namespace ZMemif.Udp;

/// <content>Receiving without learning who has sent it.</content>
public partial class MemifDatagramSocket
{
    /// <summary>
    /// The length of the next datagram in bytes; 0 when there is none, or it is empty. Takes off the link what is there, so
    /// that a loop of <c>while (socket.Available &gt; 0)</c> gets all that has come.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The socket is closed.</exception>
    public int Available
    {
        get
        {
            ThrowIfDisposed();
            return _endpoint.Peek() ?? 0;
        }
    }

    /// <summary>
    /// How many datagrams were for this socket and died, because its receive buffer was full or they were damaged. Linux counts
    /// them in SO_RXQ_OVFL. The interface has them by reason: <see cref="MemifInterfaceStatistics.Drops"/>.
    /// </summary>
    public long DatagramsDropped => _endpoint.Inbox.Drops;

    /// <summary>
    /// Receives a datagram. One that is longer than the buffer is cut, without an error, as on Linux; into a buffer of no length
    /// nothing is received, but one is waited for.
    /// </summary>
    /// <returns>The number of bytes written to the buffer.</returns>
    /// <exception cref="SocketException">
    /// <see cref="SocketError.TimedOut"/> after <see cref="ReceiveTimeout"/>, <see cref="SocketError.WouldBlock"/> on a
    /// non-blocking socket, <see cref="SocketError.Interrupted"/> when the socket is closed meanwhile, or what others on the way said
    /// of a datagram that was sent.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The socket is closed.</exception>
    public int Receive(Span<byte> buffer) => Receive(buffer, SocketFlags.None);

    /// <summary>Receives a datagram.</summary>
    /// <param name="buffer">Where the payload goes.</param>
    /// <param name="socketFlags">
    /// <see cref="SocketFlags.Peek"/> leaves the datagram; with <see cref="SocketFlags.Truncated"/> its whole length is returned, although
    /// no more is written than there is room for.
    /// </param>
    /// <inheritdoc cref="Receive(Span{byte})"/>
    public int Receive(Span<byte> buffer, SocketFlags socketFlags)
    {
        int count = Receive(buffer, socketFlags, out SocketError error);
        return error == SocketError.Success ? count : throw new SocketException((int)error);
    }

    /// <summary>Receives a datagram, and says what went wrong without an exception.</summary>
    /// <returns>The number of bytes written to the buffer; 0 when something went wrong.</returns>
    /// <inheritdoc cref="Receive(Span{byte}, SocketFlags)"/>
    public int Receive(Span<byte> buffer, SocketFlags socketFlags, out SocketError errorCode) =>
        Receive(buffer, socketFlags, buffer.Length, out errorCode);

    /// <summary>Receives a datagram. A canceled receive takes none.</summary>
    /// <inheritdoc cref="Receive(Span{byte}, SocketFlags)"/>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public ValueTask<int> ReceiveAsync(Memory<byte> buffer, SocketFlags socketFlags, CancellationToken cancellationToken = default) =>
        ReceiveAsync<CountShape, int>(new ReceiveTarget(this, buffer, socketFlags, Address: null), cancellationToken);

    /// <summary>Receives a datagram into an array of its exact length.</summary>
    internal byte[] ReceiveArray(out IPEndPoint sender)
    {
        DirectReceive direct = DirectReceive.IntoArray(_endpoint);
        SocketError error = Receive(ref direct, SocketFlags.None, int.MaxValue);
        if (error != SocketError.Success)
            throw Failure(error);
        sender = direct.Source.ToEndPoint();
        return direct.Array!;
    }

    /// <inheritdoc cref="ReceiveArray"/>
    internal ValueTask<UdpReceiveResult> ReceiveArrayAsync(CancellationToken cancellationToken) =>
        ReceiveAsync<ArrayShape, UdpReceiveResult>(new ReceiveTarget(this, default, SocketFlags.None, Address: null), leavesIt: false, cancellationToken);

    /// <summary>Receives a datagram with all that is to be known of it.</summary>
    internal ValueTask<MemifDatagram> ReceiveDatagramAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
        ReceiveAsync<DatagramShape, MemifDatagram>(new ReceiveTarget(this, buffer, SocketFlags.None, Address: null), leavesIt: false, cancellationToken);

    private int Receive(Span<byte> buffer, SocketFlags socketFlags, int room, out SocketError errorCode)
    {
        DirectReceive direct = DirectReceive.Into(_endpoint, buffer);
        errorCode = Receive(ref direct, socketFlags, room);
        if (errorCode == SocketError.Success)
            return ReceiveFlags.CountOf(direct.Length, buffer.Length, socketFlags);
        NoteFailure(errorCode);
        return 0;
    }

    /// <inheritdoc cref="Receive(Span{byte})"/>
    public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        ReceiveAsync(buffer, SocketFlags.None, cancellationToken);

    private ValueTask<TResult> ReceiveAsync<TShape, TResult>(in ReceiveTarget target, CancellationToken cancellationToken)
        where TShape : IReceiveShape<TResult>
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<TResult>(cancellationToken);
        ThrowIfDisposed();
        return ReceiveAsync<TShape, TResult>(target, ReceiveFlags.LeavesIt(target.Flags, target.Buffer.Length), cancellationToken);
    }
}
