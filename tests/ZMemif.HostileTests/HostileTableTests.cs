using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using ZMemif.HostileTests.Support;

namespace ZMemif.HostileTests;

/// <summary>The table of attacks in tests/README.md is what the tests say, and every attack has one.</summary>
[Collection(nameof(Processes))]
public sealed partial class HostileTableTests
{
    private const string Begin = "<!-- attacks: begin -->\n";
    private const string End = "<!-- attacks: end -->\n";

    private static readonly IReadOnlyList<(MethodInfo Test, AttackAttribute Attack)> s_rows =
    [
        .. from type in typeof(HostileTableTests).Assembly.GetTypes()
           from test in type.GetMethods()
           let attack = test.GetCustomAttribute<AttackAttribute>()
           where attack is not null
           select (test, attack),
    ];

    [Fact]
    public void Table_OfTheReadme_IsWhatTheTestsSay()
    {
        string readme = File.ReadAllText(ReadmePath());
        int begin = readme.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        int end = readme.IndexOf(End, StringComparison.Ordinal);
        Assert.InRange(begin, Begin.Length, end);

        string table = Table();
        Assert.True(readme[begin..end] == table, $"The table between the two marks of tests/README.md has to be:\n{table}");
    }

    [Fact]
    public void Tests_ThatTheReadmeNames_Exist()
    {
        string tests = Path.GetDirectoryName(ReadmePath())!;
        string[] sources = [.. Directory.EnumerateFiles(tests, "*Tests.cs", SearchOption.AllDirectories).Select(File.ReadAllText)];
        MatchCollection named = TestName().Matches(File.ReadAllText(ReadmePath()));

        Assert.NotEmpty(named);
        Assert.All(named, name => Assert.Contains(sources, source =>
            source.Contains($"class {name.Groups["type"].Value}", StringComparison.Ordinal)
            && source.Contains($" {name.Groups["test"].Value}(", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Verbs_OfThePeer_HaveATestForEachRole()
    {
        await using PeerProcess peer = PeerProcess.Start(Seat.OfThePeer, "verbs");
        Assert.Equal(0, await peer.WaitForExitAsync());

        Assert.Equal(peer.Said.SelectMany(Pairs).Order(StringComparer.Ordinal), s_rows.SelectMany(TestedPairs).Order(StringComparer.Ordinal));
    }

    private static string Table()
    {
        var table = new StringBuilder("| the peer … | what happens | victim | test |\n|---|---|---|---|\n");
        foreach ((MethodInfo test, AttackAttribute attack) in s_rows.OrderBy(row => row.Test.DeclaringType!.Name, StringComparer.Ordinal).ThenBy(row => row.Test.MetadataToken))
        {
            string victims = string.Join(", ", Victims(test).Select(victim => $"{victim}".ToLowerInvariant()));
            table.Append(CultureInfo.InvariantCulture, $"| {attack.Peer} (`{attack.Verb}`) | {attack.Outcome} | {victims} | `{test.DeclaringType!.Name}.{test.Name}` |\n");
        }

        return table.ToString();
    }

    // A test that is no theory has the role in its body: the attack is one that only a client, or only a server, can make.
    private static IEnumerable<Victim> Victims(MethodInfo test)
    {
        InlineDataAttribute[] data = [.. test.GetCustomAttributes<InlineDataAttribute>()];
        return data.Length > 0
            ? data.Select(row => (Victim)row.Data[0]!).Distinct()
            : [test.GetCustomAttribute<AttackAttribute>()!.OnlyVictim];
    }

    private static IEnumerable<string> TestedPairs((MethodInfo Test, AttackAttribute Attack) row) =>
        Victims(row.Test).Select(victim => $"{row.Attack.Verb} {victim}");

    // "verb Both" of the list; its roles are the attacker's.
    private static IEnumerable<string> Pairs(string line)
    {
        string[] words = line.Split(' ');
        if (words[1] is "Client" or "Both")
            yield return $"{words[0]} {Victim.Server}";
        if (words[1] is "Server" or "Both")
            yield return $"{words[0]} {Victim.Client}";
    }

    private static string ReadmePath()
    {
        DirectoryInfo directory = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "ZMemif.Udp.sln")))
            directory = directory.Parent ?? throw new DirectoryNotFoundException("The tests do not run inside the repository.");
        return Path.Combine(directory.FullName, "tests", "README.md");
    }

    [GeneratedRegex("`(?<type>[A-Za-z]+Tests)\\.(?<test>[A-Za-z0-9_]+)`")]
    private static partial Regex TestName();
}
