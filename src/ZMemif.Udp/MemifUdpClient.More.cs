using System.Net;

namespace ZMemif.Udp;

/// <content>What <c>UdpClient</c> does not have, and its users ask for.</content>
public partial class MemifUdpClient : IUdpClient
{
    /// <inheritdoc/>
    public IPEndPoint? LocalEndPoint
    {
        get
        {
            ThrowIfDisposed();
            return (IPEndPoint?)Client.LocalEndPoint;
        }
    }

    /// <inheritdoc cref="MemifDatagramSocket.DatagramsDropped"/>
    public long DatagramsDropped => Client.DatagramsDropped;

    /// <inheritdoc cref="MemifDatagramSocket.ReceiveBufferSize"/>
    public int ReceiveBufferSize
    {
        get => Client.ReceiveBufferSize;
        set => Client.ReceiveBufferSize = value;
    }

    /// <summary>Receives a datagram into the caller's memory, with all that is to be known of it; nothing is allocated.</summary>
    /// <param name="buffer">Where the payload goes; what does not fit is lost.</param>
    /// <param name="cancellationToken">Ends the waiting; then nothing was received.</param>
    /// <inheritdoc cref="ReceiveAsync(CancellationToken)"/>
    public ValueTask<MemifDatagram> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        RequireBound();
        return cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<MemifDatagram>(cancellationToken)
            : Client.ReceiveDatagramAsync(buffer, cancellationToken);
    }

    /// <inheritdoc cref="MemifDatagramSocket.ReceiveBatch"/>
    public int ReceiveBatch(Span<MemifDatagram> datagrams)
    {
        ThrowIfDisposed();
        RequireBound();
        return Client.ReceiveBatch(datagrams);
    }

    /// <inheritdoc cref="MemifDatagramSocket.ReceiveBatchAsync"/>
    public ValueTask<int> ReceiveBatchAsync(Memory<MemifDatagram> datagrams, CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        RequireBound();
        return Client.ReceiveBatchAsync(datagrams, cancellationToken);
    }

    /// <inheritdoc cref="MemifDatagramSocket.SendBatch"/>
    public int SendBatch(ReadOnlySpan<MemifDatagram> datagrams)
    {
        ThrowIfDisposed();
        return Client.SendBatch(datagrams);
    }

    /// <inheritdoc cref="MemifDatagramSocket.SendBatchAsync"/>
    public ValueTask<int> SendBatchAsync(ReadOnlyMemory<MemifDatagram> datagrams, CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        return Client.SendBatchAsync(datagrams, cancellationToken);
    }
}
