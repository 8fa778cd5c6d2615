using ZMemif.Control;
using ZMemif.Native;
using ZMemif.Tests.Peers;

namespace ZMemif.Tests.Control;

/// <summary>The control thread by itself.</summary>
[Collection(nameof(Alone))]
public sealed class ControlLoopTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Run_MoreSourcesThanTheProcessMayHaveDescriptors_GoesOn()
    {
        var loop = new ControlLoop(TimeProvider.System);
        using (new NoDescriptorsLeft(but: 2))
        {
            await loop.InvokeAsync(() =>
            {
                for (long i = 0; i < Libc.MostDescriptors() + 100; i++)
                    loop.Add(new Sleeper());
            }).WaitAsync(s_patience);

            // With all of them once around.
            await loop.InvokeAsync(() => { }).WaitAsync(s_patience);
        }

        loop.Stop();
    }

    [Fact]
    public async Task Run_LookAfterLook_AllocatesNothing()
    {
        var loop = new ControlLoop(TimeProvider.System);
        using var quiet = EventCounter.Create();
        var looker = new Looker(quiet.Descriptor, warmUp: 100, looks: 1000);
        loop.Post(() => loop.Add(looker));

        Assert.Equal(0, await looker.Allocated.WaitAsync(s_patience));

        loop.Stop();
    }

    /// <summary>Is due in every turn, and tells what its thread has allocated in so many of them, in bytes.</summary>
    private sealed class Looker : ControlSource
    {
        private readonly TaskCompletionSource<long> _allocated = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly int _warmUp;
        private readonly int _looks;
        private int _turns;
        private long _before;

        internal Looker(FileDescriptor descriptor, int warmUp, int looks)
        {
            (Descriptor, _warmUp, _looks) = (descriptor, warmUp, looks);
            Deadline = 0;
        }

        internal override FileDescriptor? Descriptor { get; }

        internal Task<long> Allocated => _allocated.Task;

        internal override void OnReadable()
        {
        }

        internal override void OnDeadline()
        {
            long now = GC.GetAllocatedBytesForCurrentThread();
            _turns++;
            if (_turns == _warmUp)
                _before = now;
            else if (_turns == _warmUp + _looks)
                _allocated.SetResult(now - _before);
        }
    }

    private sealed class Sleeper : ControlSource
    {
        internal override FileDescriptor? Descriptor => null;

        internal override void OnReadable()
        {
        }
    }
}
