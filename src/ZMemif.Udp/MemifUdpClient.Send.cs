using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace ZMemif.Udp;

/// <content>Sending. Which check comes first is part of the contract.</content>
public partial class MemifUdpClient
{
    /// <summary>Sends a datagram to the default peer.</summary>
    /// <returns>The number of bytes sent.</returns>
    /// <exception cref="InvalidOperationException">There is no default peer.</exception>
    public int Send(byte[] dgram, int bytes)
    {
        ThrowIfDisposed();
        ArgumentNullException.ThrowIfNull(dgram);
        RequireActive();
        return Client.Send(Slice(dgram, bytes));
    }

    /// <summary>Sends a datagram.</summary>
    /// <param name="dgram">Holds the payload.</param>
    /// <param name="bytes">Length of the payload.</param>
    /// <param name="endPoint">The destination; null for the default peer.</param>
    /// <returns>The number of bytes sent.</returns>
    /// <exception cref="InvalidOperationException">There is a default peer and also a destination.</exception>
    public int Send(byte[] dgram, int bytes, IPEndPoint? endPoint)
    {
        ThrowIfDisposed();
        ArgumentNullException.ThrowIfNull(dgram);
        RefusePeerAnd(endPoint);
        if (endPoint is null)
            return Client.Send(Slice(dgram, bytes));
        EnableBroadcastFor(endPoint.Address);
        return Client.SendTo(Slice(dgram, bytes), endPoint);
    }

    /// <summary>Sends a datagram to a host, which is resolved each time.</summary>
    /// <inheritdoc cref="Send(byte[], int, IPEndPoint?)"/>
    public int Send(byte[] dgram, int bytes, string? hostname, int port) =>
        Send(dgram, bytes, Resolve(hostname, port));

    /// <inheritdoc cref="Send(byte[], int)"/>
    public int Send(ReadOnlySpan<byte> datagram)
    {
        ThrowIfDisposed();
        RequireActive();
        return Client.Send(datagram);
    }

    /// <inheritdoc cref="Send(byte[], int, IPEndPoint?)"/>
    public int Send(ReadOnlySpan<byte> datagram, IPEndPoint? endPoint)
    {
        ThrowIfDisposed();
        RefusePeerAnd(endPoint);
        if (endPoint is null)
            return Client.Send(datagram);
        EnableBroadcastFor(endPoint.Address);
        return Client.SendTo(datagram, endPoint);
    }

    /// <inheritdoc cref="Send(byte[], int, string?, int)"/>
    public int Send(ReadOnlySpan<byte> datagram, string? hostname, int port) => Send(datagram, Resolve(hostname, port));

    /// <inheritdoc cref="Send(byte[], int)"/>
    public Task<int> SendAsync(byte[] datagram, int bytes) => SendAsync(datagram, bytes, null);

    /// <inheritdoc cref="Send(byte[], int, IPEndPoint?)"/>
    public Task<int> SendAsync(byte[] datagram, int bytes, IPEndPoint? endPoint)
    {
        ThrowIfDisposed();
        return SendAsync(Part(datagram, bytes), endPoint, CancellationToken.None).AsTask();
    }

    /// <inheritdoc cref="SendAsync(ReadOnlyMemory{byte}, string?, int, CancellationToken)"/>
    public Task<int> SendAsync(byte[] datagram, int bytes, string? hostname, int port)
    {
        ThrowIfDisposed();
        RefusePeerAnd(hostname, port);
        return SendAsync(Part(datagram, bytes), hostname, port, CancellationToken.None).AsTask();
    }

    /// <inheritdoc cref="Send(byte[], int)"/>
    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> datagram, CancellationToken cancellationToken = default) =>
        SendAsync(datagram, null, cancellationToken);

    /// <inheritdoc cref="Send(byte[], int, IPEndPoint?)"/>
    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> datagram, IPEndPoint? endPoint, CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        RefusePeerAnd(endPoint);
        if (endPoint is null)
            return Client.SendAsync(datagram, cancellationToken);
        EnableBroadcastFor(endPoint.Address);
        return Client.SendToAsync(datagram, endPoint, cancellationToken);
    }

    /// <summary>Sends a datagram to a host, which is resolved each time, without blocking.</summary>
    /// <inheritdoc cref="Send(byte[], int, IPEndPoint?)"/>
    public ValueTask<int> SendAsync(
        ReadOnlyMemory<byte> datagram, string? hostname, int port, CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        RefusePeerAnd(hostname, port);
        if (IsNobody(hostname, port))
            return SendAsync(datagram, null, cancellationToken);
        RequirePort(port);
        return IPAddress.TryParse(hostname, out IPAddress? address)
            ? SendAsync(datagram, Choose([address], hostname, port), cancellationToken)
            : SendToHostAsync(datagram, hostname, port, cancellationToken);
    }

    private static ReadOnlySpan<byte> Slice(byte[] buffer, int size)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)size, (uint)buffer.Length, nameof(size));
        return buffer.AsSpan(0, size);
    }

    private static ReadOnlyMemory<byte> Part(byte[] datagram, int bytes)
    {
        ArgumentNullException.ThrowIfNull(datagram);
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, datagram.Length);
        return datagram.AsMemory(0, bytes);
    }

    // A missing host or port means "no destination".
    private static bool IsNobody([NotNullWhen(false)] string? hostname, int port) => hostname is null || port == 0;

    private void RequireActive()
    {
        if (!Active)
            throw new InvalidOperationException("There is no default peer: call Connect, or name a destination.");
    }

    private void RefusePeerAnd(IPEndPoint? destination)
    {
        if (Active && destination is not null)
            throw new InvalidOperationException("A connected client cannot send to another destination.");
    }

    private void RefusePeerAnd(string? hostname, int port)
    {
        if (Active && (hostname is not null || port != 0))
            throw new InvalidOperationException("A connected client cannot send to another destination.");
    }

    private async ValueTask<int> SendToHostAsync(ReadOnlyMemory<byte> datagram, string hostname, int port, CancellationToken cancellationToken)
    {
        IPAddress[] addresses = await Client.AddressesOfAsync(hostname, cancellationToken).ConfigureAwait(false);
        ThrowIfDisposed();
        return await SendAsync(datagram, Choose(addresses, hostname, port), cancellationToken).ConfigureAwait(false);
    }

    // As in the framework, that there is no such host is told before that the client is closed.
    private IPEndPoint? Resolve(string? hostname, int port)
    {
        RefusePeerAnd(hostname, port);
        if (IsNobody(hostname, port))
            return null;
        IPAddress[] addresses = Client?.AddressesOf(hostname) ?? Dns.GetHostAddresses(hostname);
        ThrowIfDisposed();
        return Choose(addresses, hostname, port);
    }

    private IPEndPoint Choose(IPAddress[] addresses, string hostname, int port)
    {
        IPAddress? address = Array.Find(addresses, found => found.AddressFamily == Client.AddressFamily);
        return address is null
            ? throw new ArgumentException($"'{hostname}' has no address of the family {Client.AddressFamily}.", nameof(hostname))
            : new IPEndPoint(address, port);
    }
}
