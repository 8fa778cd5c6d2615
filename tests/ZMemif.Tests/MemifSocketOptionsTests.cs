namespace ZMemif.Tests;

public sealed class MemifSocketOptionsTests
{
    public static TheoryData<TimeSpan> ImpossibleTimeouts =>
        [TimeSpan.Zero, Timeout.InfiniteTimeSpan, TimeSpan.MinValue, TimeSpan.MaxValue, TimeSpan.FromMilliseconds((double)int.MaxValue + 1)];

    [Theory]
    [MemberData(nameof(ImpossibleTimeouts))]
    public void HandshakeTimeout_ThatNoClockCanKeep_IsRefused(TimeSpan timeout)
    {
        var options = new MemifSocketOptions { HandshakeTimeout = timeout };

        ArgumentException e = Assert.Throws<ArgumentException>(() => new MemifSocket("@zmemif-test", options));

        Assert.Contains("HandshakeTimeout", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HandshakeTimeout_TheLongest_LeavesTimeToConnect()
    {
        string address = TestAddress.Abstract();
        await using var socket = new MemifSocket(
            address, new MemifSocketOptions { HandshakeTimeout = TimeSpan.FromMilliseconds(int.MaxValue) });
        MemifPort client = socket.AddPort(new MemifPortOptions { Role = MemifRole.Client });
        socket.AddPort(new MemifPortOptions { Role = MemifRole.Server });
        socket.Start();

        await client.WaitConnectedAsync().WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void ApplicationName_Empty_IsRefused()
    {
        ArgumentException e = Assert.Throws<ArgumentException>(
            () => new MemifSocket("@zmemif-test", new MemifSocketOptions { ApplicationName = "" }));

        Assert.Contains("ApplicationName", e.Message, StringComparison.Ordinal);
    }
}
