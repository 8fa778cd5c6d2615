using ZMemif.Control;
using ZMemif.Native;

namespace ZMemif.Tests.Peers;

/// <summary>Tells when a control loop has been round, so that every deadline that was due has been kept.</summary>
internal sealed class RoundMarker : ControlSource, IDisposable
{
    private readonly EventCounter _event = EventCounter.Create();
    private TaskCompletionSource _reached = new();

    internal override FileDescriptor? Descriptor => _event.Descriptor;

    internal override void OnReadable()
    {
        _event.Drain();
        _reached.SetResult();
    }

    /// <summary>The second time that the loop comes by, the round in which it came by first is complete.</summary>
    internal async Task PassAsync()
    {
        for (int times = 0; times < 2; times++)
        {
            _reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _event.Signal();
            await _reached.Task.WaitAsync(TimeSpan.FromSeconds(20));
        }
    }

    public void Dispose() => _event.Dispose();
}
