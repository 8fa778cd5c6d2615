using System.Globalization;
using ZMemif.Udp.HostTests.Support;

namespace ZMemif.Udp.HostTests.Captures;

/// <summary>tshark's opinion of frames, with the checksum verification that it does not do by default.</summary>
internal static class Tshark
{
    private const string Good = "1"; // of checksum.status; 0 is bad, 2 not verified, 3 not present
    private const uint Warning = 0x600000; // PI_WARN; errors are above, notes and chats below
    private const string Icmp = "1"; // IP protocol numbers
    private const string Igmp = "2";
    private const string Udp = "17";

    private static readonly string[] s_fields =
        ["ip.proto", "ip.checksum.status", "udp.checksum.status", "icmp.checksum.status", "_ws.malformed", "_ws.expert.severity", "_ws.expert.message",
        "ip.flags.mf", "ip.frag_offset", "igmp.checksum.status"];

    /// <summary>Everything that tshark finds wrong, a line per frame; empty when all is well.</summary>
    internal static async Task<IReadOnlyList<string>> JudgeAsync(IReadOnlyList<CapturedFrame> frames)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("zmemif-capture-");
        try
        {
            string path = Path.Combine(folder.FullName, "capture.pcap");
            PcapFile.Write(path, frames);
            string?[] findings = await JudgeFileAsync(path);
            Assert.Equal(frames.Count, findings.Length);
            return [.. findings.Select((finding, i) => finding is null ? null : Describe(finding, i, frames[i])).OfType<string>()];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>What tshark finds wrong with each frame of a file; null where all is well.</summary>
    internal static async Task<string?[]> JudgeFileAsync(string path) =>
        [.. (await ReadFieldsAsync(path)).Select(line => Judge(line.Split('\t')))];

    /// <summary>What tshark reads in a field of each frame that has it, in order; several values of one frame are joined by commas.</summary>
    internal static async Task<string[]> ReadAsync(IReadOnlyList<CapturedFrame> frames, string field)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("zmemif-capture-");
        try
        {
            string path = Path.Combine(folder.FullName, "capture.pcap");
            PcapFile.Write(path, frames);
            ToolResult result = await Tool.RunAsync("tshark", ["-n", "-r", path, "-T", "fields", "-E", "occurrence=a", "-E", "aggregator=,", "-e", field]);
            return [.. result.RequireSuccess().Split('\n').Where(value => value.Length > 0)];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Describe(string finding, int index, CapturedFrame frame) =>
        $"frame {index + 1} from the {frame.Sender}: {finding}\n  {Convert.ToHexString(frame.Bytes)}";

    // Two passes, as in the graphical program. No payload of ours is meant for the protocol that owns its port.
    private static async Task<string[]> ReadFieldsAsync(string path)
    {
        ToolResult result = await Tool.RunAsync("tshark",
        [
            "-n", "-2", "-r", path, "-o", "ip.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE", "-d", "udp.port==1-65535,data",
            "-T", "fields", "-E", "occurrence=a", "-E", "aggregator=,", .. s_fields.SelectMany(field => new[] { "-e", field }),
        ]);
        return result.RequireSuccess().Split('\n')[..^1];
    }

    private static string? Judge(string[] fields)
    {
        // Of fragments only the one with which the packet is complete has a checksum to be judged.
        // The first occurrence is the packet's own; others belong to headers that an ICMP error quotes.
        string protocol = First(fields[0]);
        bool isIp = protocol.Length > 0;
        bool isWhole = First(fields[7]) is not ("1" or "True") && First(fields[8]) is "0" or "";
        string[] problems =
        [
            .. Problem(isIp && First(fields[1]) != Good, $"ip.checksum.status {fields[1]}"),
            .. Problem(protocol == Udp && First(fields[2]) != Good && (isWhole || fields[2].Length > 0), $"udp.checksum.status {fields[2]}"),
            .. Problem(protocol == Icmp && First(fields[3]) != Good && (isWhole || fields[3].Length > 0), $"icmp.checksum.status {fields[3]}"),
            .. Problem(protocol == Igmp && First(fields[9]) != Good && (isWhole || fields[9].Length > 0), $"igmp.checksum.status {fields[9]}"),
            .. Problem(fields[4].Length > 0, $"malformed {fields[4]}"),
            .. Problem(fields[5].Split(',').Any(IsWarning), $"expert: {fields[6]}"),
        ];
        return problems.Length == 0 ? null : string.Join("; ", problems);
    }

    private static string[] Problem(bool isThere, string text) => isThere ? [text] : [];

    private static string First(string occurrences) => occurrences.Split(',')[0];

    private static bool IsWarning(string severity) => severity.Length > 0 && uint.Parse(severity, CultureInfo.InvariantCulture) >= Warning;
}
