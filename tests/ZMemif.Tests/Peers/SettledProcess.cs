using ZMemif.Control;

namespace ZMemif.Tests.Peers;

/// <summary>
/// Lets what other tests left end before the counting begins, and keeps the control thread alive between tests, so that
/// its coming and going does not disturb the counts.
/// </summary>
public sealed class SettledProcess : IDisposable
{
    public SettledProcess()
    {
        ControlLoop.Join();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.True(SpinWait.SpinUntil(() => ProcessCounts.Take().ControlThreads == 1, TimeSpan.FromSeconds(20)));
    }

    public void Dispose() => ControlLoop.Leave();
}
