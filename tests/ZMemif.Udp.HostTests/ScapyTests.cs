using ZMemif.Udp.HostTests.Support;
using ZMemif.Udp.Tests.Surface;

namespace ZMemif.Udp.HostTests;

/// <summary>The odd frames that are kept for the other tests are what scapy makes of their script.</summary>
public sealed class ScapyTests : IDisposable
{
    private const string Kept = "tests/ZMemif.Udp.Tests/Scapy/";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("zmemif-scapy-");

    [Fact]
    public async Task Script_RunAgain_MakesWhatIsKept()
    {
        Requires.Scapy();
        (await Tool.RunAsync("/usr/bin/python3", ["-B", RepositoryFile.PathOf(Kept + "make_cases.py"), _folder.FullName])).RequireSuccess();

        foreach (string file in new[] { "cases.txt", "cases.pcap" })
            Assert.Equal(File.ReadAllBytes(RepositoryFile.PathOf(Kept + file)), File.ReadAllBytes(Path.Combine(_folder.FullName, file)));
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
