using ZMemif.HostilePeer.Links;

namespace ZMemif.HostilePeer.Attacks;

/// <summary>
/// <c>attack VERB --role client|server --address A --id N [--honest B]</c>: waits for the line <c>attack</c> on standard
/// input, makes the attack, shows that the port works afterwards, and says <c>done</c>; ends with standard input.
/// </summary>
internal static class AttackCommand
{
    internal static int Run(string verb, Arguments arguments)
    {
        AttackRoles role = arguments.Get("role", AttackRoles.Client);
        Attack attack = AttackCatalog.Find(verb, role);
        bool isServer = role == AttackRoles.Server;
        using ServerSide? server = isServer ? new ServerSide(arguments["address"]) : null;
        Journal.Say("ready");
        server?.RelayNext(arguments["honest"]);
        var attacker = new Attacker(role, arguments["address"], (uint)arguments.GetNumber("id", 0), server);
        Expect("attack");
        attack.Run(attacker);
        Journal.Say("attacked");
        Expect("recover");
        Attacker.Until(
            () =>
            {
                bool isBack = false;
                Attacker.Ignore(() =>
                {
                    attacker.Recover();
                    isBack = true;
                });
                return isBack;
            },
            "the port takes an honest link");
        server?.StopListening();
        Journal.Say("recovered");
        _ = Console.In.ReadLine();
        return 0;
    }

    private static void Expect(string line)
    {
        if (Console.In.ReadLine() != line)
            throw new InvalidOperationException($"'{line}' was expected on standard input.");
    }
}
