using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Contract;

/// <summary>Asserts with which <see cref="SocketError"/> something is refused, and whether by the call itself or by its task.</summary>
internal static class Refusal
{
    /// <summary>The call itself throws.</summary>
    internal static SocketException Is(SocketError error, Action call)
    {
        SocketException exception = Assert.Throws<SocketException>(call);
        Assert.Equal(error, exception.SocketErrorCode);
        Assert.Equal(new SocketException((int)error).ErrorCode, exception.ErrorCode);
        return exception;
    }

    /// <summary>The call returned, and its task fails.</summary>
    internal static async Task<SocketException> ComesAsync<T>(SocketError error, ValueTask<T> task)
    {
        SocketException exception = await Assert.ThrowsAsync<SocketException>(() => task.Soon());
        Assert.Equal(error, exception.SocketErrorCode);
        return exception;
    }

    /// <inheritdoc cref="ComesAsync{T}(SocketError, ValueTask{T})"/>
    internal static Task<SocketException> ComesAsync<T>(SocketError error, Task<T> task) => ComesAsync(error, new ValueTask<T>(task));

    /// <summary>The call itself throws, although it returns a task.</summary>
    internal static TException IsSync<TException>(Func<Task> call)
        where TException : Exception => Assert.Throws<TException>(() => { _ = call(); });
}
