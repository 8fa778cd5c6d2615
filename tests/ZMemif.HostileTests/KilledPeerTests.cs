using System.Globalization;
using ZMemif.HostileTests.Support;

namespace ZMemif.HostileTests;

/// <summary>
/// SIGKILL of a real peer under full load, many times, while threads of the victim send, receive, wait and hold leases.
/// ZMEMIF_SOAK=1 makes it ten times as many.
/// </summary>
[Collection(nameof(Processes))]
public sealed class KilledPeerTests
{
    private const int Warm = 2;

    /// <summary>In each of the two roles.</summary>
    private static int Kills => Environment.GetEnvironmentVariable("ZMEMIF_SOAK") == "1" ? 2000 : 200;

    [Theory]
    [InlineData(Victim.Server)]
    [InlineData(Victim.Client)]
    public async Task Peer_KilledUnderFullLoad_IsSurvivedEachTime(Victim role)
    {
        string address = $"@zmemif-killed-{Guid.NewGuid():N}";
        await using PeerProcess victim = PeerProcess.Start(Seat.OfTheVictim, ["loaded-victim", "--role", $"{role}", "--address", address]);
        await victim.ExpectAsync("ready");
        string before = await victim.AskAsync("holdings");
        await victim.AskAsync("begin");

        await KillAsync(role, address);

        Assert.Equal(Kills, int.Parse(await victim.AskAsync("links"), CultureInfo.InvariantCulture));
        Assert.All((await victim.AskAsync("verified")).Split(' '), queue => Assert.InRange(long.Parse(queue, CultureInfo.InvariantCulture), Kills, long.MaxValue));
        await victim.AskAsync("end");
        await victim.ExpectHoldingsAsync(before);
        victim.Tell("quit");
        Assert.Equal(0, await victim.WaitForExitAsync());
    }

    // The next ones start while one is at work: starting a process takes longer than everything else.
    private static async Task KillAsync(Victim role, string address)
    {
        var random = new Random(17);
        var waiting = new Queue<PeerProcess>();
        try
        {
            for (int killed = 0; killed < Kills; killed++)
            {
                while (waiting.Count < Warm)
                    waiting.Enqueue(StartPeer(role, address, packets: random.Next(100, 3000)));
                await using PeerProcess peer = waiting.Dequeue();
                await peer.ExpectAsync("ready");
                peer.Tell("go");
                await peer.ExpectAsync("moving");
                peer.Kill();
            }
        }
        finally
        {
            foreach (PeerProcess peer in waiting)
                await peer.DisposeAsync();
        }
    }

    private static PeerProcess StartPeer(Victim role, string address, int packets)
    {
        string peersRole = role == Victim.Server ? "client" : "server";
        return PeerProcess.Start(Seat.OfThePeer, ["load", "--role", peersRole, "--address", address, "--packets", $"{packets}"]);
    }
}
