namespace ZMemif.HostileTests.Support;

/// <summary>Which end the process under attack is; its attacker is the other.</summary>
public enum Victim
{
    /// <summary>It listens, and maps memory that the attacker made.</summary>
    Server,

    /// <summary>It connects, and made the memory itself.</summary>
    Client,
}
