using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ZMemif.Cli.Bench;

/// <summary>One cache line that two threads hand to each other.</summary>
internal sealed class PingPongLine
{
    private Line _line;

    /// <summary>The number in a line of its own.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Line
    {
        [FieldOffset(128)]
        internal long Value;
    }

    /// <summary>Hands the line over and waits for it, so many times.</summary>
    /// <returns>Nanoseconds per round.</returns>
    internal double Ask(int rounds)
    {
        long began = Stopwatch.GetTimestamp();
        for (int i = 0; i < rounds; i++)
        {
            long asked = _line.Value + 1;
            Volatile.Write(ref _line.Value, asked);
            while (Volatile.Read(ref _line.Value) == asked)
            {
            }
        }

        return Stopwatch.GetElapsedTime(began).TotalNanoseconds / rounds;
    }

    /// <summary>Answers until <see cref="Stop"/>.</summary>
    internal void Answer()
    {
        while (true)
        {
            long value = Volatile.Read(ref _line.Value);
            if (value < 0)
                return;
            if (value % 2 == 1)
                Volatile.Write(ref _line.Value, value + 1);
        }
    }

    internal void Stop() => Volatile.Write(ref _line.Value, -1);
}
