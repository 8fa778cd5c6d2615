using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp;

/// <summary>
/// What a program that lives on UDP needs of a client, whatever carries its datagrams: <see cref="MemifUdpClient"/>,
/// <see cref="KernelUdpClient"/>, or a substitute in a test. Thread-safe: any number of sends and receives at the same time.
/// </summary>
public interface IUdpClient : IDisposable
{
    /// <summary>The own end; null when it is not bound.</summary>
    IPEndPoint? LocalEndPoint { get; }

    /// <summary>How many datagrams were for this client and died because its receive buffer was full, or they were damaged.</summary>
    long DatagramsDropped { get; }

    /// <summary>How much the receive buffer holds, in bytes; n reads back as 2n within the limits of the host.</summary>
    int ReceiveBufferSize { get; set; }

    /// <summary>Sets the default peer: only its datagrams are received, and a send without an endpoint goes there.</summary>
    /// <exception cref="SocketException">There is no way there.</exception>
    void Connect(IPEndPoint endPoint);

    /// <summary>Joins a group.</summary>
    /// <exception cref="SocketException">It is no group, it was joined, or too many were.</exception>
    void JoinMulticastGroup(IPAddress multicastAddr);

    /// <summary>Leaves a group.</summary>
    /// <exception cref="SocketException">It was not joined.</exception>
    void DropMulticastGroup(IPAddress multicastAddr);

    /// <summary>Sends a datagram.</summary>
    /// <param name="datagram">The payload.</param>
    /// <param name="endPoint">The destination; null for the default peer.</param>
    /// <returns>The number of bytes sent.</returns>
    /// <exception cref="InvalidOperationException">There is a default peer and also a destination, or neither.</exception>
    /// <exception cref="SocketException">It could not be sent.</exception>
    int Send(ReadOnlySpan<byte> datagram, IPEndPoint? endPoint);

    /// <inheritdoc cref="Send"/>
    ValueTask<int> SendAsync(ReadOnlyMemory<byte> datagram, IPEndPoint? endPoint, CancellationToken cancellationToken = default);

    /// <summary>Sends several datagrams, in order.</summary>
    /// <returns>How many were sent, from the first on; fewer when one of them could not be, which the next call tells about.</returns>
    /// <exception cref="SocketException">Not even the first could be sent.</exception>
    ValueTask<int> SendBatchAsync(ReadOnlyMemory<MemifDatagram> datagrams, CancellationToken cancellationToken = default);

    /// <summary>Receives a datagram into an array of its own.</summary>
    /// <exception cref="SocketException"><see cref="SocketError.OperationAborted"/>: the client was closed meanwhile.</exception>
    ValueTask<UdpReceiveResult> ReceiveAsync(CancellationToken cancellationToken);

    /// <summary>Receives a datagram into the caller's memory; what does not fit is lost.</summary>
    /// <exception cref="SocketException"><see cref="SocketError.OperationAborted"/>: the client was closed meanwhile.</exception>
    ValueTask<MemifDatagram> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken = default);

    /// <summary>Receives as many datagrams as there are and the batch has room for, at least one.</summary>
    /// <param name="datagrams">Each with a buffer; those that were received are the first ones.</param>
    /// <param name="cancellationToken">Ends the waiting for the first.</param>
    /// <returns>How many.</returns>
    /// <exception cref="SocketException"><see cref="SocketError.OperationAborted"/>: the client was closed meanwhile.</exception>
    ValueTask<int> ReceiveBatchAsync(Memory<MemifDatagram> datagrams, CancellationToken cancellationToken = default);
}
