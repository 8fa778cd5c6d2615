using ZMemif.Udp.Sockets;

namespace ZMemif.Udp.Tests.Sockets;

/// <summary>How many datagrams a receive buffer of the default size holds, measured on Linux.</summary>
public sealed class ReceiveBudgetTests
{
    [Theory]
    [InlineData(1, 256)]
    [InlineData(64, 256)]
    [InlineData(256, 166)]
    [InlineData(512, 166)]
    [InlineData(1024, 92)]
    [InlineData(1400, 92)]
    [InlineData(4096, 25)]
    [InlineData(9000, 12)]
    public void Budget_OfTheDefault_HoldsAsManyAsTheKernels(int length, int count)
    {
        var budget = new ReceiveBudget(pressure: null);

        int held = 0;
        while (budget.TryCharge(length))
            held++;

        Assert.Equal(count, held);
    }
}
