namespace ZMemif.HostilePeer.Attacks;

/// <summary>One thing that a hostile peer does; a verb of the command line.</summary>
internal sealed record Attack(string Verb, AttackRoles Roles, Action<Attacker> Run);
