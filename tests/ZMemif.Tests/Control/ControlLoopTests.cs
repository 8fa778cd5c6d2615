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

    private sealed class Sleeper : ControlSource
    {
        internal override FileDescriptor? Descriptor => null;

        internal override void OnReadable()
        {
        }
    }
}
