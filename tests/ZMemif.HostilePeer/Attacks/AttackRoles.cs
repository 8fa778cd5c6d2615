namespace ZMemif.HostilePeer.Attacks;

/// <summary>As which end an attack can be made.</summary>
[Flags]
internal enum AttackRoles
{
    /// <summary>The attacker is the client, the victim the server.</summary>
    Client = 1,

    /// <summary>The attacker is the server, the victim the client.</summary>
    Server = 2,

    /// <summary>Either.</summary>
    Both = Client | Server,
}
