using System.Net.Sockets;
using ZMemif.Udp.Sockets;

namespace ZMemif.Udp;

/// <content>One datagram from, or into, several parts of arrays.</content>
public partial class MemifDatagramSocket
{
    // Unlike one buffer of no length, segments of no length take the datagram, as on Linux: they are treated as if they had some.
    private const int SomeRoom = 1;

    /// <inheritdoc cref="Send(IList{ArraySegment{byte}}, SocketFlags)"/>
    public int Send(IList<ArraySegment<byte>> buffers) => Send(buffers, SocketFlags.None);

    /// <summary>Sends one datagram to the peer: what the segments hold, one after the other.</summary>
    /// <param name="buffers">At most 1,024 segments, as on Linux; they may be empty.</param>
    /// <param name="socketFlags">With <see cref="SocketFlags.DontRoute"/> only hosts on the link are reached.</param>
    /// <exception cref="ArgumentException">There is no segment.</exception>
    /// <inheritdoc cref="Send(ReadOnlySpan{byte})"/>
    public int Send(IList<ArraySegment<byte>> buffers, SocketFlags socketFlags)
    {
        int count = Send(buffers, socketFlags, out SocketError error);
        return error == SocketError.Success ? count : throw new SocketException((int)error);
    }

    /// <summary>Sends one datagram to the peer, and says what went wrong without an exception.</summary>
    /// <returns>The number of bytes; 0 when something went wrong.</returns>
    /// <inheritdoc cref="Send(IList{ArraySegment{byte}}, SocketFlags)"/>
    public int Send(IList<ArraySegment<byte>> buffers, SocketFlags socketFlags, out SocketError errorCode)
    {
        ThrowIfDisposed();
        SegmentList.RequireUsable(buffers);
        if (SegmentList.IsTooMuch(buffers))
        {
            errorCode = SocketError.MessageSize;
            NoteFailure(errorCode);
            return 0;
        }

        using SegmentBuffer payload = SegmentBuffer.Gather(buffers);
        return Send(payload.Memory.Span, socketFlags, out errorCode);
    }

    /// <inheritdoc cref="Receive(IList{ArraySegment{byte}}, SocketFlags)"/>
    public int Receive(IList<ArraySegment<byte>> buffers) => Receive(buffers, SocketFlags.None);

    /// <summary>Receives one datagram into the segments, filling one after the other.</summary>
    /// <param name="buffers">Where the payload goes. More than 1,024 segments are too many, unless the next datagram needs fewer, as on Linux.</param>
    /// <param name="socketFlags">As with <see cref="Receive(Span{byte}, SocketFlags)"/>.</param>
    /// <exception cref="ArgumentException">There is no segment.</exception>
    /// <inheritdoc cref="Receive(Span{byte})"/>
    public int Receive(IList<ArraySegment<byte>> buffers, SocketFlags socketFlags)
    {
        int count = Receive(buffers, socketFlags, out SocketError error);
        return error == SocketError.Success ? count : throw new SocketException((int)error);
    }

    /// <summary>Receives one datagram into the segments, and says what went wrong without an exception.</summary>
    /// <returns>The number of bytes written to the buffers; 0 when something went wrong.</returns>
    /// <inheritdoc cref="Receive(IList{ArraySegment{byte}}, SocketFlags)"/>
    public int Receive(IList<ArraySegment<byte>> buffers, SocketFlags socketFlags, out SocketError errorCode)
    {
        ThrowIfDisposed();
        SegmentList.RequireUsable(buffers);
        errorCode = SegmentList.RefusalOf(buffers, socketFlags, _endpoint);
        if (errorCode != SocketError.Success)
        {
            NoteFailure(errorCode);
            return 0;
        }

        using SegmentBuffer room = SegmentBuffer.For(buffers);
        int count = Receive(room.Memory.Span, socketFlags, SomeRoom, out errorCode);
        room.Scatter(buffers, count);
        return count;
    }

    /// <inheritdoc cref="SendAsync(IList{ArraySegment{byte}}, SocketFlags)"/>
    public Task<int> SendAsync(IList<ArraySegment<byte>> buffers) => SendAsync(buffers, SocketFlags.None);

    /// <summary>Sends one datagram to the peer; pends while the ring is full. The list may be changed once the call has returned.</summary>
    /// <inheritdoc cref="Send(IList{ArraySegment{byte}}, SocketFlags)"/>
    public Task<int> SendAsync(IList<ArraySegment<byte>> buffers, SocketFlags socketFlags)
    {
        SegmentList.RequireUsable(buffers);
        ThrowIfDisposed();
        return SegmentList.IsTooMuch(buffers)
            ? Task.FromException<int>(Failure(SocketError.MessageSize))
            : SendGatheredAsync(SegmentBuffer.Gather(buffers), socketFlags);
    }

    /// <inheritdoc cref="ReceiveAsync(IList{ArraySegment{byte}}, SocketFlags)"/>
    public Task<int> ReceiveAsync(IList<ArraySegment<byte>> buffers) => ReceiveAsync(buffers, SocketFlags.None);

    /// <summary>Receives one datagram into the segments. The list may be changed once the call has returned.</summary>
    /// <inheritdoc cref="Receive(IList{ArraySegment{byte}}, SocketFlags)"/>
    public Task<int> ReceiveAsync(IList<ArraySegment<byte>> buffers, SocketFlags socketFlags)
    {
        SegmentList.RequireUsable(buffers);
        ThrowIfDisposed();
        SocketError refusal = SegmentList.RefusalOf(buffers, socketFlags, _endpoint);
        return refusal == SocketError.Success
            ? ReceiveScatteredAsync(buffers, socketFlags)
            : Task.FromException<int>(Failure(refusal));
    }

    private async Task<int> SendGatheredAsync(SegmentBuffer payload, SocketFlags socketFlags)
    {
        using (payload)
            return await SendAsync(payload.Memory, socketFlags, CancellationToken.None).ConfigureAwait(false);
    }

    private async Task<int> ReceiveScatteredAsync(IList<ArraySegment<byte>> buffers, SocketFlags socketFlags)
    {
        using SegmentBuffer room = SegmentBuffer.For(buffers);
        ValueTask<int> receiving = ReceiveAsync<CountShape, int>(
            new ReceiveTarget(this, room.Memory, socketFlags, Address: null), ReceiveFlags.LeavesIt(socketFlags, SomeRoom), CancellationToken.None);
        if (!receiving.IsCompleted)
            buffers = [.. buffers];
        int count = await receiving.ConfigureAwait(false);
        room.Scatter(buffers, count);
        return count;
    }
}
