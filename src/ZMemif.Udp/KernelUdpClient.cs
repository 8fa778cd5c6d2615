using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp;

#pragma warning disable RS0030 // The one place that is about the kernel's sockets.

/// <summary>The kernel's <see cref="UdpClient"/> as an <see cref="IUdpClient"/>: for programs that can fall back to it, and for tests.</summary>
/// <remarks>Of several that receive batches at the same time, one may wait for its second datagram. Times to live are not told.</remarks>
public sealed class KernelUdpClient : IUdpClient
{
    private const string Table = "/proc/net/udp";

    private static readonly IPEndPoint s_anybody = new(IPAddress.Any, 0);

    private readonly UdpClient _client;

    /// <summary>Creates a client bound to a port of every address; port 0 chooses one.</summary>
    /// <exception cref="SocketException">The port is taken.</exception>
    public KernelUdpClient(int port)
        : this(new IPEndPoint(IPAddress.Any, port))
    {
    }

    /// <summary>Creates a client bound to an address and a port.</summary>
    /// <exception cref="SocketException">The address is not the host's, or the port is taken.</exception>
    public KernelUdpClient(IPEndPoint localEP)
        : this(new UdpClient(localEP))
    {
    }

    /// <summary>Wraps a client, which it owns from now on.</summary>
    public KernelUdpClient(UdpClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        _client = client;
    }

    /// <inheritdoc/>
    public IPEndPoint? LocalEndPoint => (IPEndPoint?)_client.Client.LocalEndPoint;

    /// <summary>What the kernel says that it dropped of this socket's, in /proc/net/udp; 0 where that cannot be read.</summary>
    public long DatagramsDropped => LocalEndPoint is { } local ? DropsOf(local) : 0;

    /// <inheritdoc/>
    public int ReceiveBufferSize
    {
        get => _client.Client.ReceiveBufferSize;
        set => _client.Client.ReceiveBufferSize = value;
    }

    /// <inheritdoc/>
    public void Connect(IPEndPoint endPoint) => _client.Connect(endPoint);

    /// <inheritdoc/>
    public void JoinMulticastGroup(IPAddress multicastAddr) => _client.JoinMulticastGroup(multicastAddr);

    /// <inheritdoc/>
    public void DropMulticastGroup(IPAddress multicastAddr) => _client.DropMulticastGroup(multicastAddr);

    /// <inheritdoc/>
    public int Send(ReadOnlySpan<byte> datagram, IPEndPoint? endPoint) => _client.Send(datagram, endPoint);

    /// <inheritdoc/>
    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> datagram, IPEndPoint? endPoint, CancellationToken cancellationToken = default) =>
        _client.SendAsync(datagram, endPoint, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<int> SendBatchAsync(ReadOnlyMemory<MemifDatagram> datagrams, CancellationToken cancellationToken = default)
    {
        int sent = 0;
        try
        {
            for (; sent < datagrams.Length; sent++)
                await SendAsync(datagrams.Span[sent], cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (sent > 0 && e is SocketException or OperationCanceledException)
        {
            // The next call tells.
        }

        return sent;
    }

    /// <inheritdoc/>
    public ValueTask<UdpReceiveResult> ReceiveAsync(CancellationToken cancellationToken) => _client.ReceiveAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<MemifDatagram> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        SocketReceiveMessageFromResult result =
            await _client.Client.ReceiveMessageFromAsync(buffer, SocketFlags.None, s_anybody, cancellationToken).ConfigureAwait(false);
        return new MemifDatagram(buffer)
        {
            Length = result.ReceivedBytes,
            IsTruncated = result.SocketFlags.HasFlag(SocketFlags.Truncated),
            RemoteEndPoint = new MemifEndPoint((IPEndPoint)result.RemoteEndPoint),
            LocalEndPoint = new MemifEndPoint(result.PacketInformation.Address, LocalEndPoint?.Port ?? 0),
        };
    }

    /// <inheritdoc/>
    public async ValueTask<int> ReceiveBatchAsync(Memory<MemifDatagram> datagrams, CancellationToken cancellationToken = default)
    {
        int received = 0;
        while (received < datagrams.Length && (received == 0 || _client.Available > 0))
        {
            MemifDatagram datagram = await ReceiveAsync(datagrams.Span[received].Buffer, cancellationToken).ConfigureAwait(false);
            datagrams.Span[received++] = datagram;
        }

        return received;
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async ValueTask SendAsync(MemifDatagram datagram, CancellationToken cancellationToken)
    {
        IPEndPoint? to = datagram.RemoteEndPoint == default ? null : datagram.RemoteEndPoint.ToIPEndPoint();
        await _client.SendAsync(datagram.Payload, to, cancellationToken).ConfigureAwait(false);
    }

    // A line: number, local and remote end in hexadecimal, …, drops.
    private static long DropsOf(IPEndPoint local)
    {
        string end = $"{BitConverter.ToUInt32(local.Address.GetAddressBytes()):X8}:{local.Port:X4}";
        if (!File.Exists(Table))
            return 0;
        foreach (string line in File.ReadLines(Table))
        {
            string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length > 12 && fields[1] == end && long.TryParse(fields[12], out long drops))
                return drops;
        }

        return 0;
    }
}
