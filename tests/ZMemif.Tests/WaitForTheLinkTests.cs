using ZMemif.Tests.Peers;

namespace ZMemif.Tests;

/// <summary>To wait for a link, and for its end.</summary>
[Collection(nameof(Alone))]
public sealed class WaitForTheLinkTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Disconnected_NoLinkYet_ReturnsAtOnce()
    {
        await using var socket = new MemifSocket(TestAddress.Abstract());
        MemifPort port = socket.AddPort(new MemifPortOptions { Role = MemifRole.Server });

        Assert.True(port.WaitDisconnectedAsync().IsCompletedSuccessfully);
        socket.Start();
        await ControlThread.PassAsync();

        Assert.True(port.WaitDisconnectedAsync().IsCompletedSuccessfully);
    }

    [Theory]
    [InlineData(MemifRole.Client)]
    [InlineData(MemifRole.Server)]
    public async Task Disconnected_LinkIsUp_WaitsForItsEndAtBothEnds(MemifRole who)
    {
        await using PortPair pair = await PortPair.ConnectAsync();
        Task client = pair.Client.WaitDisconnectedAsync();
        Task server = pair.Server.WaitDisconnectedAsync();
        await ControlThread.PassAsync();
        Assert.Equal((false, false), (client.IsCompleted, server.IsCompleted));

        (who == MemifRole.Client ? pair.Client : pair.Server).Disconnect();

        await Task.WhenAll(client, server).WaitAsync(s_patience);
    }

    [Fact]
    public async Task Disconnected_LinkAfterLink_WaitsForEachByItself()
    {
        await using PortPair pair = await PortPair.ConnectAsync();
        for (int i = 1; i <= 3; i++)
        {
            Task ended = pair.Server.WaitDisconnectedAsync();
            Assert.False(ended.IsCompleted);

            pair.Client.Disconnect($"end {i}");
            await ended.WaitAsync(s_patience);
            Assert.Contains($"end {i}", pair.Server.LastError!.Message, StringComparison.Ordinal);

            // Whoever saw the end waits for the next link, not for the one that is over.
            Task next = pair.Server.WaitConnectedAsync();
            Assert.False(next.IsCompleted);
            pair.Client.RequestConnection();
            await next.WaitAsync(s_patience);
        }
    }

    [Fact]
    public async Task Disconnected_AttemptFails_IsNoEndOfALink()
    {
        string address = TestAddress.Abstract();
        await using var socket = new MemifSocket(address);
        MemifPort port = socket.AddPort(new MemifPortOptions());
        var events = new PortLog(port);
        socket.Start();

        await events.ExpectDownAsync();

        Assert.True(port.WaitDisconnectedAsync().IsCompletedSuccessfully);
        Assert.False(port.WaitConnectedAsync().IsCompleted);
    }

    [Fact]
    public async Task Disconnected_PortIsDisposed_ReturnsThenAndAfterwards()
    {
        await using PortPair pair = await PortPair.ConnectAsync();
        Task ended = pair.Client.WaitDisconnectedAsync();

        await pair.Client.DisposeAsync();

        await ended.WaitAsync(s_patience);
        Assert.True(pair.Client.WaitDisconnectedAsync().IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Disconnected_TokenIsCancelled_EndsThisWaitingOnly()
    {
        await using PortPair pair = await PortPair.ConnectAsync();
        using var cancellation = new CancellationTokenSource();
        Task cancelled = pair.Client.WaitDisconnectedAsync(cancellation.Token);
        Task other = pair.Client.WaitDisconnectedAsync();

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.WaitAsync(s_patience));
        Assert.False(other.IsCompleted);
        pair.Client.Disconnect();
        await other.WaitAsync(s_patience);
    }

    [Fact]
    public async Task Connected_TokenIsCancelled_EndsThisWaitingOnly()
    {
        await using var socket = new MemifSocket(TestAddress.Abstract());
        MemifPort port = socket.AddPort(new MemifPortOptions());
        using var cancellation = new CancellationTokenSource();
        Task cancelled = port.WaitConnectedAsync(cancellation.Token);
        Task other = port.WaitConnectedAsync();

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.WaitAsync(s_patience));
        Assert.False(other.IsCompleted);
    }
}
