using ZMemif.Memory;
using ZMemif.Tests.Peers;

namespace ZMemif.Tests.Hostile;

/// <summary>Two queues find out about one link, and the peer comes again between the two reports.</summary>
[Collection(nameof(Alone))]
public sealed class LateViolationTests
{
    [Fact]
    public async Task Violation_OfAnEarlierLink_DoesNotEndThePresentOne()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        using RawClient client = server.Client(ClientStage.Up);
        await server.Events.ExpectUpAsync();
        var earlier = new Generation([], []);

        ((IQueueOwner)server.Target).Fail(earlier, "late");

        await ControlThread.PassAsync();
        Assert.Equal(MemifPortState.Connected, server.Target.State);
        Assert.True(server.Events.IsEmpty);
        earlier.Release();
    }

    [Fact]
    public async Task Violation_OfAnEarlierLink_DoesNotEndAHandshake()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        using RawClient client = server.Client(ClientStage.RingsAdded);
        var earlier = new Generation([], []);

        ((IQueueOwner)server.Target).Fail(earlier, "late");

        await ControlThread.PassAsync();
        client.Advance(ClientStage.Up, after: ClientStage.RingsAdded);
        await server.Events.ExpectUpAsync();
        earlier.Release();
    }
}
