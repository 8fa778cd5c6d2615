using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Contract;

/// <summary>Closes something under a thread that is blocked in it.</summary>
internal static class BlockedCall
{
    private const int Attempts = 200;

    /// <summary>
    /// Runs the call on its own thread, closes, and gives the exception with which the call ended (null: it returned).
    /// Nobody can see from outside whether a thread has got as far as blocking; an attempt that closed too early ends
    /// as "not yet started", <see cref="ObjectDisposedException"/>, and is repeated with a longer head start.
    /// </summary>
    internal static async Task<Exception?> CloseUnderAsync<T>(Func<T> open, Action<T> call, Action<T> close)
        where T : IDisposable
    {
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            using T subject = open();
            using var started = new ManualResetEventSlim();
            Task<Exception?> ending = Task.Factory.StartNew(
                () =>
                {
                    started.Set();
                    return Record.Exception(() => call(subject));
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default);
            started.Wait(UdpBinding.Patience);
            for (int turn = 0; turn < attempt * 10; turn++)
                Thread.Yield();
            close(subject);
            Exception? exception = await ending.Soon();
            if (exception is not ObjectDisposedException)
                return exception;
        }

        throw new InvalidOperationException($"The call never got as far as blocking, in {Attempts} attempts.");
    }

    /// <summary>The call, once blocked, ends with <see cref="SocketError.Interrupted"/>.</summary>
    internal static async Task IsInterruptedAsync<T>(Func<T> open, Action<T> call, Action<T> close)
        where T : IDisposable
    {
        SocketException exception = Assert.IsType<SocketException>(await CloseUnderAsync(open, call, close));
        Assert.Equal(SocketError.Interrupted, exception.SocketErrorCode);
    }
}
