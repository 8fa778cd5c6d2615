using System.Net;

namespace ZMemif.Udp.Tests.Contract;

/// <summary>What contracts say often.</summary>
internal static class UnderTestExtensions
{
    internal static IPEndPoint LocalEndPoint(this IUdpClientUnderTest client) => client.Socket!.LocalIPEndPoint();

    internal static IPEndPoint LocalIPEndPoint(this IDatagramSocketUnderTest socket) => Assert.IsType<IPEndPoint>(socket.LocalEndPoint);

    /// <summary>It has no peer any more, as the framework sees it, and looks bound whether it is or not.</summary>
    internal static void AssertDisconnected(this IDatagramSocketUnderTest socket)
    {
        Assert.False(socket.Connected);
        Assert.Null(socket.RemoteEndPoint);
        Assert.True(socket.IsBound);
    }

    /// <summary>Waits, but not for ever.</summary>
    internal static Task<T> Soon<T>(this ValueTask<T> task) => task.AsTask().WaitAsync(UdpBinding.Patience);

    /// <inheritdoc cref="Soon{T}(ValueTask{T})"/>
    internal static Task<T> Soon<T>(this Task<T> task) => task.WaitAsync(UdpBinding.Patience);
}
