namespace ZMemif.HostileTests.Support;

/// <summary>The row of a test in the table of tests/README.md.</summary>
/// <param name="verb">The attack, as the peer's command line calls it.</param>
/// <param name="peer">What the peer does.</param>
/// <param name="outcome">What happens.</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class AttackAttribute(string verb, string peer, string outcome) : Attribute
{
    internal string Verb => verb;

    internal string Peer => peer;

    internal string Outcome => outcome;

    /// <summary>The victim of a test that is no theory.</summary>
    public Victim OnlyVictim { get; set; }
}
