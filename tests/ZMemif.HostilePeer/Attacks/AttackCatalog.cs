namespace ZMemif.HostilePeer.Attacks;

/// <summary>All attacks.</summary>
internal static class AttackCatalog
{
    internal static IReadOnlyList<Attack> All { get; } =
    [
        .. IndexAttacks.All, .. DescriptorAttacks.All, .. RaceAttacks.All, .. MemoryAttacks.All, .. LargeMemoryAttacks.All, .. EventAttacks.All,
        .. ClientControlAttacks.All, .. FloodAttacks.All, .. ExhaustionAttacks.All, .. LingerAttacks.All, .. ServerControlAttacks.All,
    ];

    internal static Attack Find(string verb, AttackRoles role) =>
        All.FirstOrDefault(attack => attack.Verb == verb && attack.Roles.HasFlag(role))
        ?? throw new ArgumentException($"There is no attack '{verb}' as {role}.");
}
