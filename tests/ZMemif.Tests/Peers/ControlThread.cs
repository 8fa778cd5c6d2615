using ZMemif.Control;

namespace ZMemif.Tests.Peers;

/// <summary>The process's control thread, in the hands of a test.</summary>
internal static class ControlThread
{
    /// <summary>Completes when everything that was posted before has run.</summary>
    internal static async Task PassAsync()
    {
        await ControlLoop.Join().InvokeAsync(() => { });
        ControlLoop.Leave();
    }

    /// <summary>Stops it until disposal, so that things happen between two of its looks.</summary>
    internal static IDisposable Hold()
    {
        var held = new ManualResetEventSlim();
        var release = new ManualResetEventSlim();
        ControlLoop.Join().Post(() =>
        {
            held.Set();
            release.Wait();
        });
        held.Wait();
        return new Holding(release);
    }

    private sealed class Holding(ManualResetEventSlim release) : IDisposable
    {
        public void Dispose()
        {
            release.Set();
            ControlLoop.Leave();
        }
    }
}
