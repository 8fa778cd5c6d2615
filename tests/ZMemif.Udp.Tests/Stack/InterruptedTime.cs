using Microsoft.Extensions.Time.Testing;

namespace ZMemif.Udp.Tests.Stack;

/// <summary>A manual clock; who looks at it can be interrupted there, once, by what somebody else does at that moment.</summary>
internal sealed class InterruptedTime : FakeTimeProvider
{
    private Action? _interruption;

    internal void InterruptOnce(Action interruption) => _interruption = interruption;

    public override long GetTimestamp()
    {
        Interlocked.Exchange(ref _interruption, null)?.Invoke();
        return base.GetTimestamp();
    }
}
