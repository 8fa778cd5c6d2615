using System.Runtime.InteropServices;
using ZMemif.Control;
using ZMemif.Native;
using ZMemif.Tests.Peers;

namespace ZMemif.Tests.Control;

/// <summary>What a user's peers passed waits to be closed, and it is too much: nobody of his gets further before that is over.</summary>
[Collection(nameof(Alone))]
public sealed class SlowToCloseTests : IDisposable
{
    private readonly uint _user = geteuid();
    private readonly ManualResetEventSlim _mayEnd = new();

    [Fact]
    public async Task Handshake_SoMuchWaitsThatMoreMayNotBeTakenIn_EndsBeforeItsNextMessageIsRead()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        using RawClient client = server.Client(ClientStage.Greeted);
        Fill();

        client.Peer.Send(RawClient.Init(ServerUnderTest.TargetId).ToBytes());

        Assert.Equal(Refusal, client.Peer.ReadToEnd());
        Assert.Equal(MemifPortState.Connecting, server.Target.State);
        server.AssertHealthy();
    }

    [Fact]
    public async Task Connection_SoMuchWaitsThatMoreMayNotBeTakenIn_IsRefusedUntilThatIsOver()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        Fill();
        using (RawPeer refused = RawPeer.Connect(server.Address))
            Assert.Equal(Refusal, refused.ReadToEnd());
        Empty();

        using RawClient served = server.Client(ClientStage.Up);

        await server.Events.ExpectUpAsync();
    }

    [Fact]
    public async Task Link_ThatIsUp_IsReadFromThoughTooMuchWaits()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        using RawClient client = server.Client(ClientStage.Up);
        await server.Events.ExpectUpAsync();
        Fill();

        client.Peer.Send(new DisconnectMessage(0, "enough").ToBytes());

        Assert.Equal("The peer ended the connection: \"enough\" (code 0).", (await server.Events.ExpectDownAsync()).Message);
    }

    public void Dispose() => Empty();

    private string Refusal => $"What peers of user {_user} passed cannot be closed fast enough; try again later.";

    // Behind something that takes as long as the test likes.
    private void Fill()
    {
        Reaper.Shared.Run(_mayEnd.Wait, _user);
        for (int i = 0; i <= Reaper.MostOfUser; i++)
            Reaper.Shared.Close(Errno.Check(Libc.CreateEvent(), "eventfd"), ClosingRisk.Unknown, _user);
    }

    private void Empty()
    {
        _mayEnd.Set();
        Assert.True(SpinWait.SpinUntil(() => !Reaper.Shared.IsFullOf(_user), TimeSpan.FromSeconds(20)));
    }

    [DllImport("libc")]
    private static extern uint geteuid();
}
