using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;
using ZMemif.Udp.Stack;

namespace ZMemif.Udp;

/// <content>Sending several datagrams by one <see cref="MemifSocketAsyncEventArgs"/>.</content>
public partial class MemifDatagramSocket
{
    /// <summary>
    /// Sends a datagram for each of <see cref="MemifSocketAsyncEventArgs.SendPacketsElements"/> that is not null, in order, until one
    /// fails. Always pends.
    /// </summary>
    /// <param name="e">Holds the datagrams, and tells how many bytes were sent and what went wrong.</param>
    /// <returns>True.</returns>
    /// <exception cref="ArgumentException">There are no elements.</exception>
    /// <exception cref="NotSupportedException">The socket has no peer.</exception>
    /// <exception cref="IOException">A file could not be read.</exception>
    /// <inheritdoc cref="ReceiveAsync(MemifSocketAsyncEventArgs)"/>
    public bool SendPacketsAsync(MemifSocketAsyncEventArgs e)
    {
        ThrowIfDisposed();
        ArgumentNullException.ThrowIfNull(e);
        if (e.SendPacketsElements is not { } elements)
            throw new ArgumentException("The SendPacketsElements must be set.", nameof(e));
        if (!Connected)
            throw new NotSupportedException("The socket must have a peer.");
        e.Begin(this, SocketAsyncOperation.SendPackets);
        try
        {
            ReadOnlyMemory<byte>[] packets = [.. elements.Where(element => element is not null).Select(Read)];
            e.Pend(SendPacketsAsync(e, packets));
            return true;
        }
        catch
        {
            e.Release();
            throw;
        }
    }

    private async ValueTask<SocketError> SendPacketsAsync(MemifSocketAsyncEventArgs e, ReadOnlyMemory<byte>[] packets)
    {
        foreach (ReadOnlyMemory<byte> packet in packets)
        {
            UdpPeer? to = Peer;
            SocketError error = Refusal(to, SocketFlags.None);
            if (error == SocketError.Success)
                error = await _endpoint.SendAsync(to!.Value, packet, OptionsFor(SocketFlags.None), CancellationToken.None).ConfigureAwait(false);
            if (error != SocketError.Success)
                return error;
            e.CountPacket(packet.Length);
        }

        return SocketError.Success;
    }

    private static ReadOnlyMemory<byte> Read(SendPacketsElement element)
    {
        if (element.MemoryBuffer is { } memory)
            return memory;
        if (element.FileStream is { } stream)
            return Read(stream.SafeFileHandle, element);
        using SafeFileHandle file = File.OpenHandle(element.FilePath!);
        return Read(file, element);
    }

    // One byte more than a datagram can have is enough to see that it is too long.
    private static ReadOnlyMemory<byte> Read(SafeFileHandle file, SendPacketsElement element)
    {
        long wanted = element.Count > 0 ? element.Count : Math.Max(0, RandomAccess.GetLength(file) - element.OffsetLong);
        byte[] content = new byte[Math.Min(wanted, UdpProtocol.MaxPayload + 1)];
        int length = 0;
        while (length < content.Length && RandomAccess.Read(file, content.AsSpan(length), element.OffsetLong + length) is > 0 and var read)
            length += read;
        return content.AsMemory(0, length);
    }
}
