namespace ZMemif.HostileTests.Support;

/// <summary>What can come of an attack, beyond what must hold in any case.</summary>
internal static class Outcomes
{
    /// <summary>The link ends, and the port says which rule was broken.</summary>
    internal static async Task EndsTheLinkAsync(Victim victim, string verb, string words, string code = "RingViolation")
    {
        await using Assault assault = await Assault.RunAsync(victim, verb);
        Assert.Contains(assault.Downs, down => down.StartsWith(code, StringComparison.Ordinal) && down.Contains(words, StringComparison.Ordinal));

        // The peer is told the same, as far as a message holds it.
        Assert.Contains(assault.Told, told => told.Contains(words[..Math.Min(words.Length, 30)], StringComparison.Ordinal));
    }

    /// <summary>The memory, or an event, is refused in the handshake.</summary>
    internal static Task RefusesAsync(Victim victim, string verb, string words, string code = "ProtocolViolation") =>
        EndsTheLinkAsync(victim, verb, words, code);

    /// <summary>The link ends again and again, always with the rule that was broken, and as often comes up.</summary>
    internal static async Task EndsLinkAfterLinkAsync(Victim victim, string verb)
    {
        await using Assault assault = await Assault.RunAsync(victim, verb);
        Assert.InRange(assault.Links, 2, int.MaxValue);
        Assert.Contains(assault.Downs, down => down.StartsWith("RingViolation On ", StringComparison.Ordinal));
        AssertNothingUnexpected(assault);
    }

    /// <summary>One link, which nothing ends but the attacker.</summary>
    internal static async Task<Assault> GoesOnAsync(Victim victim, string verb, params string[] options)
    {
        Assault assault = await Assault.RunAsync(victim, verb, options);
        Assert.Equal(1, assault.Links);
        Assert.DoesNotContain(assault.Downs, down => down.Contains("Violation", StringComparison.Ordinal));
        AssertNothingUnexpected(assault);
        return assault;
    }

    /// <summary>No mistake of ours was met on the way.</summary>
    internal static void AssertNothingUnexpected(Assault assault) =>
        Assert.DoesNotContain(assault.Downs.Concat(assault.Errors), line => line.Contains("Unexpected", StringComparison.Ordinal));
}
