using ZMemif.HostilePeer.Attacks;
using ZMemif.HostilePeer.Load;
using ZMemif.HostilePeer.Victims;

namespace ZMemif.HostilePeer;

/// <summary><c>verbs</c> · <c>attack VERB …</c> · <c>victim …</c> · <c>load …</c> · <c>loaded-victim …</c></summary>
internal static class Program
{
    internal static int Main(string[] args)
    {
        try
        {
            return Run(args);
        }
#pragma warning disable CA1031 // The tests read what went wrong.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Journal.Fault(e);
            return 3;
        }
    }

    private static int Run(string[] args) => args switch
    {
        ["verbs"] => ListVerbs(),
        ["attack", { } verb, .. string[] rest] => AttackCommand.Run(verb, new Arguments(rest)),
        ["victim", .. string[] rest] => Victim.Run(new Arguments(rest)),
        ["load", .. string[] rest] => LoadPeer.Run(new Arguments(rest)),
        ["loaded-victim", .. string[] rest] => LoadedVictim.Run(new Arguments(rest)),
        _ => throw new ArgumentException("usage: verbs | attack VERB … | victim … | load … | loaded-victim …"),
    };

    private static int ListVerbs()
    {
        foreach (Attack attack in AttackCatalog.All)
            Journal.Say($"{attack.Verb} {attack.Roles}");
        return 0;
    }
}
