using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace ZMemif.HostileTests.Support;

/// <summary>
/// One attack on one victim, from the start of both processes to their end, with what must hold in any case: the victim
/// lives and ends well, its healthy port moves every packet at its rate, nobody is held in a call, the attacked port takes
/// an honest link afterwards, and nothing is left of it all.
/// </summary>
internal sealed partial class Assault : IAsyncDisposable
{
    private const string PortId = "7";

    // Of a fixed pace far below what a port can do; less than this means that somebody was kept waiting.
    private const int LeastRatePercent = 50;
    private const int LongestSendMilliseconds = 3000;

    // Nothing that happens to another port holds a thread in a call of the healthy one.
    private const int LongestHealthyCallMilliseconds = 500;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly PeerProcess _victim;
    private readonly PeerProcess _attacker;
    private int? _descriptorsLeft;

    private Assault(PeerProcess victim, PeerProcess attacker)
    {
        _victim = victim;
        _attacker = attacker;
    }

    /// <summary>How the port is, right after the attack.</summary>
    internal string State { get; private set; } = "";

    /// <summary>Links that the attack has made.</summary>
    internal int Links => int.Parse(StateText().Match(State).Groups["links"].Value, CultureInfo.InvariantCulture);

    /// <summary>Packets that the port dropped as malformed, right after the attack.</summary>
    internal int Malformed => int.Parse(StateText().Match(State).Groups["malformed"].Value, CultureInfo.InvariantCulture);

    /// <summary>How often the port's receiver came out of a wait, right after the attack.</summary>
    internal int Rounds => int.Parse(StateText().Match(State).Groups["rounds"].Value, CultureInfo.InvariantCulture);

    /// <summary>What the attacker read or found out.</summary>
    internal IEnumerable<string> Told => Lines(_attacker, "told ");

    /// <summary>Why links of the port ended.</summary>
    internal IEnumerable<string> Downs => Lines(_victim, "down ");

    /// <summary>What the victim's socket reported of peers that no port was to blame for.</summary>
    internal IEnumerable<string> Errors => Lines(_victim, "error ");

    /// <summary>Makes the attack, and asserts what must hold in any case.</summary>
    internal static Task<Assault> RunAsync(Victim role, string verb, params string[] options) => RunAsync(Start(role, verb, options));

    /// <summary>The same, while the victim can open only so many descriptors more.</summary>
    internal static Task<Assault> RunExhaustedAsync(Victim role, string verb, int descriptorsLeft)
    {
        Assault assault = Start(role, verb, ["--queues", "8"]);
        assault._descriptorsLeft = descriptorsLeft;
        return RunAsync(assault);
    }

    private static async Task<Assault> RunAsync(Assault assault)
    {
        try
        {
            await assault.RunAsync();
            return assault;
        }
        catch
        {
            await assault.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes an attack that the victim does not survive.</summary>
    /// <returns>The victim's exit code.</returns>
    internal static async Task<int> RunToTheEndAsync(Victim role, string verb, params string[] options)
    {
        await using Assault assault = Start(role, verb, options);
        await assault.BeginAsync();
        assault._attacker.Tell("attack");
        return await assault._victim.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _attacker.DisposeAsync();
        await _victim.DisposeAsync();
    }

    private static Assault Start(Victim role, string verb, string[] options)
    {
        string name = $"zmemif-hostile-{Guid.NewGuid():N}";
        string[] place = ["--address", $"@{name}", "--honest", $"@{name}-honest", "--id", PortId];
        string attackersRole = role == Victim.Server ? "client" : "server";
        PeerProcess victim = PeerProcess.Start(Seat.OfTheVictim, ["victim", "--role", $"{role}", .. place, .. options]);
        return new Assault(victim, PeerProcess.Start(Seat.OfThePeer, ["attack", verb, "--role", attackersRole, .. place]));
    }

    private async Task RunAsync()
    {
        string before = await BeginAsync();
        if (_descriptorsLeft is { } left)
            await _victim.AskAsync($"exhaust {left}");
        await _attacker.AskAsync("attack", "attacked");
        State = await _victim.AskAsync("state");
        if (_descriptorsLeft is not null)
        {
            await AssertHealthyAsync();
            await _victim.AskAsync("replenish");
        }

        await _attacker.AskAsync("recover", "recovered");
        await AssertHealthyAsync();
        Assert.True(await NumberAsync("verified") >= 100, "What the honest link sent did not come.");
        Assert.InRange(await NumberAsync("longest"), 0, LongestSendMilliseconds);
        Assert.InRange(await NumberAsync("longest-healthy"), 0, LongestHealthyCallMilliseconds);
        await _victim.AskAsync("end");
        await _victim.ExpectHoldingsAsync(before);
        _victim.Tell("quit");
        Assert.Equal(0, await _victim.WaitForExitAsync());
    }

    /// <returns>What the victim holds before the attacked port exists.</returns>
    private async Task<string> BeginAsync()
    {
        await _attacker.ExpectAsync("ready");
        await _victim.ExpectAsync("ready");
        Seat.OfTheVictim.AssertTakenBy(_victim.Id);
        Seat.OfThePeer.AssertTakenBy(_attacker.Id);
        await ExpectHealthyAsync();
        string holdings = await _victim.AskAsync("holdings");
        await _victim.AskAsync("begin");
        return holdings;
    }

    // What is still starting up may need a moment to have its rate.
    private async Task ExpectHealthyAsync()
    {
        long began = Stopwatch.GetTimestamp();
        while (await NumberAsync("healthy") < LeastRatePercent)
            Assert.True(Stopwatch.GetElapsedTime(began) < s_patience, "The healthy port does not reach its rate.");
    }

    private async Task AssertHealthyAsync() => Assert.InRange(await NumberAsync("healthy"), LeastRatePercent, int.MaxValue);

    private async Task<int> NumberAsync(string command) => int.Parse(await _victim.AskAsync(command), CultureInfo.InvariantCulture);

    private static IEnumerable<string> Lines(PeerProcess process, string word) =>
        process.Said.Where(line => line.StartsWith(word, StringComparison.Ordinal)).Select(line => line[word.Length..]);

    [GeneratedRegex("after (?<links>[0-9]+) links, (?<malformed>[0-9]+) malformed, (?<rounds>[0-9]+) rounds")]
    private static partial Regex StateText();
}
