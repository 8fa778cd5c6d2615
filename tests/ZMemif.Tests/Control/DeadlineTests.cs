using Microsoft.Extensions.Time.Testing;
using ZMemif.Control;
using ZMemif.Native;
using ZMemif.Tests.Peers;

namespace ZMemif.Tests.Control;

/// <summary>What happens by the clock, on a clock that the test moves.</summary>
[Collection(nameof(Alone))]
public sealed class DeadlineTests : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    private readonly FakeTimeProvider _time = new();
    private readonly RoundMarker _marker = new();
    private readonly ControlLoop _loop;
    private readonly string _address = TestAddress.Abstract();

    public DeadlineTests()
    {
        _loop = new ControlLoop(_time);
        _loop.Post(() => _loop.Add(_marker));
    }

    [Theory]
    [InlineData(ClientStage.Greeted)]
    [InlineData(ClientStage.Introduced)]
    [InlineData(ClientStage.RegionAdded)]
    [InlineData(ClientStage.RingsAdded)]
    public async Task SilentClient_AtAnyStage_IsDroppedAtTheDeadline(ClientStage stage)
    {
        FakePort port = ServerPort();
        (Listener listener, TaskCompletionSource<ControlConnection> ended) = await ListenAsync(port);
        using RawClient client = RawClient.ConnectTo(_address, stage, port.Identity.Id);
        await AdvanceAsync(Limit - Moment);
        Assert.False(ended.Task.IsCompleted);

        await AdvanceAsync(Moment);

        Assert.True(ended.Task.IsCompleted);
        Assert.Equal("The peer did not complete the handshake within 5 s.", client.Peer.ReadToEnd());
        if (stage == ClientStage.Greeted)
            Assert.Empty(port.Downs);
        else
            Assert.Equal(MemifErrorCode.HandshakeTimeout, Assert.Single(port.Downs).Code);
        Assert.False(port.IsTaken);
        await CloseAsync(listener);
    }

    [Fact]
    public async Task SlowClient_TheDeadlineIsForAllStepsTogether()
    {
        FakePort port = ServerPort();
        (Listener listener, TaskCompletionSource<ControlConnection> ended) = await ListenAsync(port);
        using RawClient client = RawClient.ConnectTo(_address, ClientStage.Introduced, port.Identity.Id);
        await AdvanceAsync(Limit / 2);
        client.Advance(ClientStage.RegionAdded, after: ClientStage.Introduced);

        await AdvanceAsync(Limit / 2);

        Assert.True(ended.Task.IsCompleted);
        await CloseAsync(listener);
    }

    [Fact]
    public async Task ClientThatIsUp_HasNoDeadline()
    {
        FakePort port = ServerPort();
        (Listener listener, TaskCompletionSource<ControlConnection> ended) = await ListenAsync(port);
        using (RawClient client = RawClient.ConnectTo(_address, ClientStage.Up, port.Identity.Id))
        {
            await AdvanceAsync(TimeSpan.FromDays(10));
            Assert.NotNull(port.Link);
            Assert.False(ended.Task.IsCompleted);
        }

        await ended.Task.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(MemifErrorCode.ClosedByPeer, Assert.Single(port.Downs).Code);
        await CloseAsync(listener);
    }

    [Fact]
    public async Task SilentServer_IsLeftAtTheDeadline()
    {
        using var server = new RawServer(_address);
        FakePort port = FakePort.Client();
        ClientConnector connector = await ConnectAsync(port);
        using RawPeer peer = server.Accept();
        await AdvanceAsync(Limit - Moment);
        Assert.Empty(port.Downs);

        await AdvanceAsync(Moment);

        MemifException error = Assert.Single(port.Downs);
        Assert.Equal((MemifErrorCode.HandshakeTimeout, "The peer did not complete the handshake within 5 s."), (error.Code, error.Message));
        Assert.Equal(error.Message, peer.ReadToEnd());
        await StopAsync(connector);
    }

    [Fact]
    public async Task ServerThatNeverSaysConnected_IsLeftAtTheDeadline()
    {
        using var server = new RawServer(_address);
        FakePort port = FakePort.Client();
        ClientConnector connector = await ConnectAsync(port);
        using RawPeer peer = server.Accept();
        using RawServerMemory memory = RawServer.ReceiveUntilConnect(peer, RawServer.Hello);

        await AdvanceAsync(Limit);

        Assert.Equal(MemifErrorCode.HandshakeTimeout, Assert.Single(port.Downs).Code);
        await StopAsync(connector);
    }

    [Fact]
    public async Task Connector_NobodyListens_TriesWithABackOffFrom20MillisecondsToASecond()
    {
        FakePort port = FakePort.Client();
        ClientConnector connector = await ConnectAsync(port);
        Assert.Single(port.Downs);

        foreach (int wait in new[] { 20, 40, 80, 160, 320, 640, 1000, 1000, 1000 })
        {
            int attempts = port.Downs.Count;
            await AdvanceAsync(TimeSpan.FromMilliseconds(wait) - Moment);
            Assert.Equal(attempts, port.Downs.Count);
            await AdvanceAsync(Moment);
            Assert.Equal(attempts + 1, port.Downs.Count);
        }

        await StopAsync(connector);
    }

    [Fact]
    public async Task Connector_AfterALink_BeginsWithTheShortestWaitAgain()
    {
        FakePort port = FakePort.Client();
        ClientConnector connector = await ConnectAsync(port);
        for (int wait = 20; wait < 1000; wait *= 2)
            await AdvanceAsync(TimeSpan.FromMilliseconds(wait));
        using (var server = new RawServer(_address))
        {
            await AdvanceAsync(TimeSpan.FromSeconds(1));
            using RawPeer peer = server.Accept();
            using RawServerMemory memory = RawServer.Complete(peer);
            await UntilAsync(() => port.Link is not null);
        }

        await UntilAsync(() => port.Link is null);
        int attempts = port.Downs.Count;
        await AdvanceAsync(TimeSpan.FromMilliseconds(20));
        Assert.Equal(attempts + 1, port.Downs.Count);
        await StopAsync(connector);
    }

    [Fact]
    public async Task Connector_Stopped_TriesNoMore()
    {
        FakePort port = FakePort.Client();
        ClientConnector connector = await ConnectAsync(port);

        await StopAsync(connector);
        await AdvanceAsync(TimeSpan.FromHours(1));

        Assert.Single(port.Downs);
    }

    [Fact]
    public async Task Connector_PausedWhileALinkIsUp_TriesNoMoreUntilItIsTold()
    {
        using var server = new RawServer(_address);
        FakePort port = FakePort.Client();
        ClientConnector connector = await ConnectAsync(port);
        using (RawPeer peer = server.Accept())
        {
            using RawServerMemory memory = RawServer.Complete(peer);
            await UntilAsync(() => port.Link is not null);
            await _loop.InvokeAsync(() => connector.Pause(new MemifException(MemifErrorCode.ClosedLocally, "Paused by the test.")));
            Assert.Equal("Paused by the test.", peer.ReadToEnd());
        }

        await AdvanceAsync(TimeSpan.FromHours(1));
        Assert.False(server.IsApproached);
        await _loop.InvokeAsync(connector.Connect);

        server.Accept().Dispose();
        await StopAsync(connector);
    }

    public async ValueTask DisposeAsync()
    {
        await _loop.InvokeAsync(() => _loop.Remove(_marker));
        _marker.Dispose();
        _loop.Stop();
        Assert.True(SpinWait.SpinUntil(() => ProcessCounts.Take().ControlThreads == 1, TimeSpan.FromSeconds(20)));
    }

    private static FakePort ServerPort() =>
        new(new MemifPortOptions { Id = 3, Role = MemifRole.Server }.Validated("server under test"));

    private async Task<(Listener Listener, TaskCompletionSource<ControlConnection> Ended)> ListenAsync(FakePort port)
    {
        var ended = new TaskCompletionSource<ControlConnection>(TaskCreationOptions.RunContinuationsAsynchronously);
        Listener listener = ControlAddress.Listen(UnixAddress.Parse(_address), new FilePermissions(UnixFileMode.UserWrite, null, null), socket =>
        {
            var connection = new ControlConnection(
                _loop, new ControlChannel(socket), new ServerHandshake("server under test", MemifLimits.UsualLog2RingSize, id => id == port.Identity.Id ? port : null), Limit, (over, _) => ended.SetResult(over));
            _loop.Add(connection);
            connection.Start();
        });
        await _loop.InvokeAsync(() => _loop.Add(listener));
        return (listener, ended);
    }

    private async Task<ClientConnector> ConnectAsync(FakePort port)
    {
        var connector = new ClientConnector(_loop, UnixAddress.Parse(_address), port, Limit, judge: _ => { });
        await _loop.InvokeAsync(connector.Start);
        return connector;
    }

    private Task CloseAsync(Listener listener) => _loop.InvokeAsync(() =>
    {
        _loop.Remove(listener);
        listener.Close();
    });

    private Task StopAsync(ClientConnector connector) =>
        _loop.InvokeAsync(() => connector.Stop(new MemifException(MemifErrorCode.ClosedLocally, "Stopped by the test.")));

    /// <summary>Moves the clock, and lets the control thread look at it.</summary>
    private async Task AdvanceAsync(TimeSpan by)
    {
        _time.Advance(by);
        await _marker.PassAsync();
    }

    private async Task UntilAsync(Func<bool> condition)
    {
        bool met = false;
        for (long start = TimeProvider.System.GetTimestamp(); !met && TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(20);)
            await _loop.InvokeAsync(() => met = condition());
        Assert.True(met);
    }
}
