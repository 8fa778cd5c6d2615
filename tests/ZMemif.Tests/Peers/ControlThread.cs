using ZMemif.Control;

namespace ZMemif.Tests.Peers;

/// <summary>Stops the process's control thread for a while, so that things happen between two of its looks.</summary>
internal static class ControlThread
{
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
