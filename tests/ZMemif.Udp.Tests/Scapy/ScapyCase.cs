using System.Globalization;
using ZMemif.Tests.Peers;
using ZMemif.Udp.Tests.Surface;

namespace ZMemif.Udp.Tests.Scapy;

/// <summary>Frames that scapy has made, and what a host has to make of each: <c>cases.pcap</c> and <c>cases.txt</c> of <c>make_cases.py</c>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Steps">What happens, in order.</param>
internal sealed record ScapyCase(string Name, List<ScapyStep> Steps)
{
    private const string Folder = "tests/ZMemif.Udp.Tests/Scapy/";
    private const string Wait = "wait ";

    /// <summary>All cases by their names.</summary>
    internal static Dictionary<string, ScapyCase> ReadAll()
    {
        var frames = new Queue<byte[]>(PcapText.Read(RepositoryFile.PathOf(Folder + "cases.pcap")).Packets.Select(packet => packet.Bytes));
        var cases = new Dictionary<string, ScapyCase>();
        ScapyCase? current = null;
        foreach (string line in File.ReadLines(RepositoryFile.PathOf(Folder + "cases.txt")).Where(line => line.Length > 0 && line[0] != '#'))
        {
            if (line[0] != ' ')
                cases.Add(line, current = new ScapyCase(line, []));
            else
                current!.Steps.Add(ReadStep(line.Trim(), frames));
        }

        Assert.Empty(frames);
        return cases;
    }

    private static ScapyStep ReadStep(string line, Queue<byte[]> frames)
    {
        if (!line.StartsWith(Wait, StringComparison.Ordinal))
            return new ScapyStep(frames.Dequeue(), Seconds: 0, line);
        int colon = line.IndexOf(':', StringComparison.Ordinal);
        return new ScapyStep(Frame: null, int.Parse(line.AsSpan(Wait.Length, colon - Wait.Length), CultureInfo.InvariantCulture), line[(colon + 2)..]);
    }
}
