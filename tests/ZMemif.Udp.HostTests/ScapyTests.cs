using ZMemif.Udp.HostTests.Kernel;
using ZMemif.Udp.HostTests.Support;
using ZMemif.Udp.Tests.Scapy;
using ZMemif.Udp.Tests.Surface;

namespace ZMemif.Udp.HostTests;

/// <summary>The odd frames that are kept for the other tests are what scapy makes of their script.</summary>
public sealed class ScapyTests : IDisposable
{
    private const string Complaint = "answered parameter-problem";
    private const string Kept = "tests/ZMemif.Udp.Tests/Scapy/";

    /// <summary>What Linux does instead, and why we do not.</summary>
    private static readonly Dictionary<string, string> s_differences = new()
    {
        // It is lenient with sources that RFC 1122 §3.2.1.3 rules out: broadcasts, unless rp_filter is on.
        ["source-192.0.2.255"] = "delivered 18",
        ["source-broadcast-echo"] = "answered echo-reply",
        // It speaks TCP, in which these are nothing.
        ["protocol-tcp"] = "",
        ["fragments-of-another-protocol"] = "",
        ["tiny-tcp-flags-in-the-second"] = "",
        // It complains of options that are none (RFC 1122 §3.2.2.5, a "should"), and reads some that we skip.
        ["header-length-6-without-options"] = Complaint,
        ["option-length-0"] = Complaint,
        ["option-length-1"] = Complaint,
        ["option-beyond-the-header"] = Complaint,
        ["option-length-255"] = Complaint,
        ["option-cut-behind-its-type"] = Complaint,
        ["option-one-byte-too-long"] = Complaint,
        ["option-bad-behind-good"] = Complaint,
        ["option-two-source-routes"] = Complaint,
        ["option-source-route-of-no-length"] = Complaint,
        ["option-timestamp-overflow-15"] = Complaint,
        ["option-commercial-security"] = Complaint,
        // RFC 1122 §3.2.2.8, a "may".
        ["icmp-timestamp"] = "answered timestamp-reply",
        // It believes a quotation whose header makes no sense, or that has no ports in it.
        ["unreachable-quotes-version-6"] = "error ConnectionRefused",
        ["unreachable-quotes-total-length-27"] = "error ConnectionRefused",
        ["unreachable-quotes-a-later-fragment"] = "error ConnectionRefused",
        // It does not defend its address (RFC 5227 §2.4), and answers stations that are none.
        ["arp-conflict"] = "",
        ["arp-sender-broadcast"] = "answered arp-reply",
        ["arp-sender-group"] = "answered arp-reply",
        ["arp-sender-zero"] = "answered arp-reply",
        // It drops a fragment that lies within others alone, whatever its bytes; RFC 5722 §4 the packet.
        ["overlap-complete-overlay"] = "delivered 72",
        ["overlap-rewrites-the-ports"] = "delivered 72",
    };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("zmemif-scapy-");

    [Fact]
    public async Task Script_RunAgain_MakesWhatIsKept()
    {
        Requires.Scapy();
        (await Tool.RunAsync("/usr/bin/python3", ["-B", RepositoryFile.PathOf(Kept + "make_cases.py"), _folder.FullName])).RequireSuccess();

        foreach (string file in new[] { "cases.txt", "cases.pcap" })
            Assert.Equal(File.ReadAllBytes(RepositoryFile.PathOf(Kept + file)), File.ReadAllBytes(Path.Combine(_folder.FullName, file)));
    }

    /// <summary>
    /// The expected fates are not ours alone: the kernel, as the same host, does what can be seen of them, but for what is
    /// listed here. IGMP, whose answers take their time, is judged elsewhere, and so is what happens after half a minute.
    /// </summary>
    [Fact]
    public async Task Fates_AreTheKernelsToo()
    {
        Requires.NetworkNamespaces();
        Dictionary<string, string> differences = [];
        await using ScapyKernel shared = await ScapyKernel.CreateAsync();
        foreach (ScapyCase one in ScapyCase.ReadAll().Values.Where(one => !one.Steps.Exists(step => step.Frame is null || step.IsIgmp)))
        {
            // Fragments that stay behind would meet those of the next case.
            bool leavesFragments = one.Steps.Exists(step => step.Outcome == "kept");
            ScapyKernel kernel = leavesFragments ? await ScapyKernel.CreateAsync() : shared;
            if (Judge(kernel, one) is { } difference)
                differences.Add(one.Name, difference);
            if (leavesFragments)
                await kernel.DisposeAsync();
        }

        Assert.Equal(Describe(s_differences), Describe(differences));
    }

    private static string Describe(Dictionary<string, string> differences) =>
        string.Join('\n', differences.Select(difference => $"{difference.Key}: {difference.Value}").Order(StringComparer.Ordinal));

    private static string? Judge(ScapyKernel kernel, ScapyCase one)
    {
        string[] differences =
        [
            .. from step in one.Steps
               where step.Frame!.Length >= ScapyKernel.ShortestFrame
               let happened = string.Join(" + ", kernel.Take(step.Frame!).Order(StringComparer.Ordinal))
               where happened != string.Join(" + ", step.Outcome.Split(" + ").Where(IsSeen).Order(StringComparer.Ordinal))
               select happened,
        ];
        return differences.Length == 0 ? null : string.Join(", ", differences);
    }

    private static bool IsSeen(string fate) =>
        fate.StartsWith("delivered", StringComparison.Ordinal) || fate.StartsWith("answered", StringComparison.Ordinal) || fate.StartsWith("error", StringComparison.Ordinal);

    public void Dispose() => _folder.Delete(recursive: true);
}
