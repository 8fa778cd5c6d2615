using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp;

/// <content>Receiving.</content>
public partial class MemifUdpClient
{
    /// <inheritdoc cref="MemifDatagramSocket.Available"/>
    public int Available => Client.Available;

    /// <summary>Receives a datagram, waiting for one.</summary>
    /// <param name="remoteEP">Set to the sender; what it holds before does not matter.</param>
    /// <returns>The payload, in an array of its length.</returns>
    /// <exception cref="InvalidOperationException">The client has neither been bound nor sent anything.</exception>
    /// <exception cref="SocketException"><see cref="SocketError.Interrupted"/> when the client is closed meanwhile.</exception>
    public byte[] Receive([NotNull] ref IPEndPoint? remoteEP)
    {
        ThrowIfDisposed();
        RequireBound();
        byte[] payload = Client.ReceiveArray(out IPEndPoint sender);
        remoteEP = sender;
        return payload;
    }

    /// <inheritdoc cref="ReceiveAsync(CancellationToken)"/>
    public Task<UdpReceiveResult> ReceiveAsync() => ReceiveAsync(CancellationToken.None).AsTask();

    /// <summary>Receives a datagram.</summary>
    /// <returns>The payload in an array of its length, and its sender.</returns>
    /// <exception cref="InvalidOperationException">The client has neither been bound nor sent anything.</exception>
    /// <exception cref="SocketException"><see cref="SocketError.OperationAborted"/> when the client is closed meanwhile.</exception>
    public ValueTask<UdpReceiveResult> ReceiveAsync(CancellationToken cancellationToken)
    {
        ThrowIfDisposed();
        RequireBound();
        return cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<UdpReceiveResult>(cancellationToken)
            : Client.ReceiveArrayAsync(cancellationToken);
    }

    private void RequireBound()
    {
        if (!Client.IsBound)
            throw new InvalidOperationException("The client must be bound before it can receive: use a constructor with a port, or send something first.");
    }
}
