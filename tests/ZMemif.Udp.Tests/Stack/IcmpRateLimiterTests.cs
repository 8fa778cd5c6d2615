using Microsoft.Extensions.Time.Testing;
using ZMemif.Udp.Stack;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Tests.Stack;

public sealed class IcmpRateLimiterTests
{
    [Fact]
    public void MaySendError_ToManyAtOnce_NobodyCanTellHowManyOthersWereTold()
    {
        // CVE-2020-25705: with a number that is always the same, who provokes errors learns by those left to him of the others.
        int[] told = [.. Enumerable.Range(0, 200).Select(_ => ErrorsAtOnce())];

        Assert.InRange(told.Distinct().Count(), 10, 200);
        Assert.InRange(told.Average(), IcmpRateLimiter.ErrorBurst * 0.9, IcmpRateLimiter.ErrorBurst * 1.2);
    }

    private static int ErrorsAtOnce()
    {
        var limiter = new IcmpRateLimiter(new FakeTimeProvider());
        return Enumerable.Range(0, 1000).Count(i => limiter.MaySendError(new Ipv4Address(Net.Outside.Value + (uint)i)));
    }
}
