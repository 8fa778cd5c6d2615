using ZMemif.Udp.Tests.Contract;

namespace ZMemif.Udp.Tests;

/// <summary>Waits for what other threads do, where nothing tells of it.</summary>
internal static class Waiting
{
    /// <summary>Returns when the condition holds.</summary>
    internal static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(UdpBinding.Patience);
        while (!condition())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
