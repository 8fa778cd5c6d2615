namespace ZMemif.Udp.Tests.Scapy;

/// <summary>Odd frames that scapy has made, each with the fate that its RFC, or else Linux, gives it.</summary>
public sealed class ScapyTests
{
    private static readonly Dictionary<string, ScapyCase> s_cases = ScapyCase.ReadAll();

    public static TheoryData<string> Names => [.. s_cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Handle_FramesOfACase_HaveTheirFates(string name)
    {
        var host = new ScapyHost();
        int frame = 0;
        foreach (ScapyStep step in s_cases[name].Steps)
        {
            string happened = string.Join(" + ", host.Take(step).Order(StringComparer.Ordinal));
            string expected = string.Join(" + ", step.Outcome.Split(" + ").Order(StringComparer.Ordinal));
            Assert.True(expected == happened, $"Step {++frame}: expected '{expected}', happened '{happened}'\n{Convert.ToHexString(step.Frame ?? [])}");
        }

        host.AssertBalances();
    }
}
