using System.Globalization;
using ZMemif;

namespace RawPeer;

/// <summary>The command line: a mode, then options with their values.</summary>
/// <param name="arguments">As they were given.</param>
internal sealed class Settings(string[] arguments)
{
    internal const string Usage = """
        RawPeer loop|burst|send|receive --socket PATH --role Client|Server [options]

          loop     sends numbered frames and compares each one that the peer sends back, with its addresses swapped
          burst    the same in lock step: a whole burst out with one publication, a whole burst back with one look
          send     sends only
          receive  compares what testpmd makes in its forward mode txonly

        Prints "done" after --count frames on each queue (0: never), and at SIGTERM what every queue carried.

          --count 0        --sizes 60-1514   --burst 32      --window 256 (frames under way; loop)
          --queues 1       --ring 1024       --buffer 2048   --secret TEXT   --seals Require|Warn|Ignore
          --max-region 268435456
        """;

    private readonly (int Least, int Most) _sizes = Range(Find(arguments, "--sizes") ?? "60-1514");

    internal string Mode { get; } = arguments.FirstOrDefault() ?? "";

    internal string Socket { get; } = Find(arguments, "--socket") ?? throw new ArgumentException("--socket is missing.");

    /// <summary>Frames per queue and connection; 0 for no end.</summary>
    internal long Count { get; } = Number(Find(arguments, "--count") ?? "0");

    internal int Burst { get; } = Number(Find(arguments, "--burst") ?? "32");

    internal int Window { get; } = Number(Find(arguments, "--window") ?? "256");

    internal MemifPortOptions Port { get; } = new()
    {
        Role = Enum.Parse<MemifRole>(Find(arguments, "--role") ?? throw new ArgumentException("--role is missing.")),
        TxQueues = Number(Find(arguments, "--queues") ?? "1"),
        RxQueues = Number(Find(arguments, "--queues") ?? "1"),
        RingSize = Number(Find(arguments, "--ring") ?? "1024"),
        BufferSize = Number(Find(arguments, "--buffer") ?? "2048"),
        Secret = Find(arguments, "--secret"),
        MaxRegionBytes = long.Parse(Find(arguments, "--max-region") ?? $"{256 << 20}", CultureInfo.InvariantCulture),
        Seals = Enum.Parse<MemifSealPolicy>(Find(arguments, "--seals") ?? nameof(MemifSealPolicy.Require)),
    };

    internal int LongestFrame => _sizes.Most;

    /// <summary>The length of a frame: every length of the range comes up, neighbours far apart.</summary>
    internal int LengthOf(long number)
    {
        const int Stride = 7919; // a prime above any range
        return _sizes.Least + (int)(number * Stride % (_sizes.Most - _sizes.Least + 1));
    }

    private static string? Find(string[] arguments, string name)
    {
        int at = Array.IndexOf(arguments, name);
        return at >= 0 && at + 1 < arguments.Length ? arguments[at + 1] : null;
    }

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    private static (int Least, int Most) Range(string text)
    {
        string[] ends = text.Split('-');
        (int least, int most) = (Number(ends[0]), Number(ends[^1]));
        return least >= NumberedFrame.HeaderLength && most >= least
            ? (least, most)
            : throw new ArgumentException($"--sizes must be a range from {NumberedFrame.HeaderLength} on, not {text}.");
    }
}
