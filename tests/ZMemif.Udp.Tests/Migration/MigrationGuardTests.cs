using System.Text.Json;
using ZMemif.Udp.Tests.Surface;

namespace ZMemif.Udp.Tests.Migration;

/// <summary>The guard of the one-line migration, by what the compiler said when it built <c>examples/MigrationGuard</c>.</summary>
public sealed class MigrationGuardTests
{
    [Fact]
    public void Build_OfTheExample_WarnsExactlyWhereTheAliasDoesNotReach()
    {
        using var log = JsonDocument.Parse(File.ReadAllText(RepositoryFile.PathOf("artifacts/obj/MigrationGuard/warnings.sarif")));

        string[] warnings =
        [
            .. log.RootElement.GetProperty("runs")[0].GetProperty("results").EnumerateArray()
                .Where(result => !result.TryGetProperty("suppressions", out _))
                .Select(Describe).Order(StringComparer.Ordinal),
        ];

        Assert.Equal([$"RS0030 Nested.cs {LineOf("Nested.cs")}", $"RS0030 Qualified.cs {LineOf("Qualified.cs")}"], warnings);
    }

    private static string Describe(JsonElement result)
    {
        JsonElement place = result.GetProperty("locations")[0].GetProperty("physicalLocation");
        string file = Path.GetFileName(place.GetProperty("artifactLocation").GetProperty("uri").GetString()!);
        return $"{result.GetProperty("ruleId").GetString()} {file} {place.GetProperty("region").GetProperty("startLine").GetInt32()}";
    }

    private static int LineOf(string file) =>
        Array.FindIndex(File.ReadAllLines(RepositoryFile.PathOf($"examples/MigrationGuard/{file}")), line => line.Contains("typeof(", StringComparison.Ordinal)) + 1;
}
