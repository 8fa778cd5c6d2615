using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Contract;

/// <summary>What contracts on <c>SocketAsyncEventArgs</c> say often.</summary>
internal static class EventArgsExtensions
{
    /// <summary>Arguments with a buffer and an endpoint.</summary>
    internal static IEventArgsUnderTest EventArgs(this UdpBinding binding, int size, EndPoint? remote = null) =>
        binding.EventArgs(new byte[size], remote);

    /// <inheritdoc cref="EventArgs(UdpBinding, int, EndPoint?)"/>
    internal static IEventArgsUnderTest EventArgs(this UdpBinding binding, byte[] buffer, EndPoint? remote = null)
    {
        IEventArgsUnderTest e = binding.Here.CreateEventArgs();
        e.SetBuffer(buffer, 0, buffer.Length);
        e.RemoteEndPoint = remote;
        return e;
    }

    /// <summary>Arguments with a list of buffers of these sizes, and an endpoint.</summary>
    internal static IEventArgsUnderTest EventArgs(this UdpBinding binding, int[] sizes, EndPoint? remote = null)
    {
        IEventArgsUnderTest e = binding.Here.CreateEventArgs();
        e.BufferList = [.. sizes.Select(size => new ArraySegment<byte>(new byte[size]))];
        e.RemoteEndPoint = remote;
        return e;
    }

    /// <summary>Waits, but not for ever, until <c>Completed</c> is raised.</summary>
    /// <returns>Its sender.</returns>
    internal static Task<object?> NextRaised(this IEventArgsUnderTest e) => e.Raised.ReadAsync().Soon();

    /// <summary>The operation was over at once, and nothing was raised.</summary>
    internal static void AssertDone(this IEventArgsUnderTest e, bool isPending, SocketAsyncOperation operation, int bytes)
    {
        Assert.False(isPending);
        Assert.False(e.Raised.TryRead(out _));
        Assert.Equal((SocketError.Success, operation, bytes), (e.SocketError, e.LastOperation, e.BytesTransferred));
    }

    /// <summary>The operation failed at once, and nothing was raised.</summary>
    internal static void AssertFailed(this IEventArgsUnderTest e, bool isPending, SocketAsyncOperation operation, SocketError error)
    {
        Assert.False(isPending);
        Assert.False(e.Raised.TryRead(out _));
        Assert.Equal((error, operation, 0), (e.SocketError, e.LastOperation, e.BytesTransferred));
    }

    /// <summary>The length of the next datagram, or 0.</summary>
    internal static int NextLength(this ISocketUnderTest socket)
    {
        byte[] length = new byte[sizeof(int)];
        Assert.Equal(sizeof(int), socket.IOControl(IOControlCode.DataToRead, null, length));
        return BitConverter.ToInt32(length);
    }

    /// <summary>Waits until a datagram, which is not empty, can be received.</summary>
    internal static void AwaitDatagram(this ISocketUnderTest socket) =>
        Assert.True(SpinWait.SpinUntil(() => socket.NextLength() > 0, UdpBinding.Patience), "No datagram came.");

    /// <summary>Sends a datagram to a socket, and waits until it is there.</summary>
    internal static void Queue(this IUdpClientUnderTest peer, ReadOnlySpan<byte> payload, ISocketUnderTest socket)
    {
        peer.Send(payload, socket.LocalIPEndPoint());
        socket.AwaitDatagram();
    }
}
