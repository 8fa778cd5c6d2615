using ZMemif.Control;

namespace ZMemif.Tests.Peers;

/// <summary>Something that a client must not do, and what the server says about it.</summary>
/// <param name="Stage">How far the client goes correctly before.</param>
/// <param name="Commit">The offence.</param>
/// <param name="Words">What the refusal must say; it names the rule.</param>
/// <param name="Code">The code of the refusal.</param>
internal sealed record Offence(
    ClientStage Stage, Action<RawClient> Commit, string Words, MemifErrorCode Code = MemifErrorCode.ProtocolViolation)
{
    /// <summary>
    /// Commits it against a server, and checks: the peer reads the rule and is cut off; the port, where it was known,
    /// says the same; the socket's other link did not notice; nothing is left of it; the port is free for the next.
    /// </summary>
    internal async Task AssertRefusedAsync(MemifPortOptions? options = null, bool servesNext = true)
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(options);
        ProcessCounts before = ProcessCounts.Take();

        using (RawClient client = server.Client(Stage))
        {
            Commit(client);
            string? reason = client.Peer.ReadToEnd();
            Assert.NotNull(reason);
            Assert.Contains(Words, reason, StringComparison.Ordinal);
        }

        await AssertPortKnowsAsync(server);
        server.AssertHealthy();
        before.AssertAgain();
        if (servesNext)
            await AssertNextIsServedAsync(server, options);
        before.AssertAgain();
    }

    private async Task AssertPortKnowsAsync(ServerUnderTest server)
    {
        if (Stage == ClientStage.Greeted)
        {
            Assert.Null(server.Target.LastError);
            Assert.True(server.Events.IsEmpty);
            return;
        }

        if (Stage == ClientStage.Up)
            await server.Events.ExpectUpAsync();
        MemifException error = await server.Events.ExpectDownAsync();
        Assert.Equal(Code, error.Code);
        Assert.Contains(Words, error.Message, StringComparison.Ordinal);
        Assert.Equal(MemifPortState.Connecting, server.Target.State);
    }

    private static async Task AssertNextIsServedAsync(ServerUnderTest server, MemifPortOptions? options)
    {
        using (RawClient next = RawClient.Connect(server.Address))
        {
            InitMessage init = RawClient.Init(ServerUnderTest.TargetId);
            next.Step((init with { Secret = Secret.FromText(options?.Secret) }).ToBytes());
            next.Advance(ClientStage.Up, after: ClientStage.Introduced);
            await server.Events.ExpectUpAsync();
        }

        Assert.Equal(MemifErrorCode.ClosedByPeer, (await server.Events.ExpectDownAsync()).Code);
    }
}
