using System.Globalization;

namespace ZMemif.Udp.HostTests.Support;

/// <summary>
/// What a test needs from the machine. Where it is missing the test is skipped with the reason; but in CI
/// (<c>CI=true</c>) it fails, because there a skip would hide that nothing was judged.
/// </summary>
internal static class Requires
{
    private const string TunDevice = "/dev/net/tun";
    private const int CapNetAdmin = 12;
    private const int CapSysAdmin = 21;

    private static bool IsCi => Environment.GetEnvironmentVariable("CI") == "true";

    /// <summary>Network namespaces with TAP devices.</summary>
    internal static void NetworkNamespaces()
    {
        That(HasCapability(CapSysAdmin) && HasCapability(CapNetAdmin), "needs root (CAP_SYS_ADMIN and CAP_NET_ADMIN) to make a network namespace");
        That(File.Exists(TunDevice), $"needs {TunDevice} to make a TAP device");
        Installed("ip");
    }

    /// <summary>An installed program.</summary>
    internal static void Installed(string tool) =>
        That(Tool.Find(tool) is not null, $"needs '{tool}' to be installed (Debian: {PackageOf(tool)})");

    /// <summary>The Python library scapy, for Debian's own Python.</summary>
    internal static void Scapy() =>
        That(Directory.Exists("/usr/lib/python3/dist-packages/scapy"), "needs scapy to be installed (Debian: python3-scapy)");

    private static void That(bool isThere, string reason)
    {
        Assert.SkipUnless(isThere || IsCi, reason);
        Assert.True(isThere, $"In CI nothing may be missing, but this test {reason}.");
    }

    private static string PackageOf(string tool) => tool switch
    {
        "ip" => "iproute2",
        "ping" => "iputils-ping",
        "capinfos" => "wireshark-common",
        _ => tool,
    };

    private static bool HasCapability(int number)
    {
        const string Name = "CapEff:";
        string line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(Name, StringComparison.Ordinal));
        ulong effective = ulong.Parse(line.AsSpan(Name.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return (effective >> number & 1) != 0;
    }
}
