using System.Globalization;
using System.Runtime.InteropServices;

namespace ZMemif.HostileTests.Support;

/// <summary>The processor on which a process runs: the victim and its peer have one each where there are two.</summary>
internal sealed class Seat
{
    private const int MaskWords = 16;

    private static readonly ulong[] s_allowed = Allowed();

    private readonly ulong[] _mask;

    private Seat(int processor)
    {
        _mask = new ulong[MaskWords];
        _mask[processor / 64] = 1UL << (processor % 64);
        Processor = processor;
    }

    internal static Seat OfTheVictim { get; } = new(Numbers(s_allowed).First());

    internal static Seat OfThePeer { get; } = new(Numbers(s_allowed).Last());

    /// <summary>The kernel's number of it.</summary>
    internal int Processor { get; }

    /// <summary>Does something on this processor; a process that it starts stays there, with all its threads.</summary>
    internal T Run<T>(Func<T> start)
    {
        Assert.Equal(0, sched_setaffinity(0, MaskWords * sizeof(ulong), _mask));
        try
        {
            return start();
        }
        finally
        {
            Assert.Equal(0, sched_setaffinity(0, MaskWords * sizeof(ulong), s_allowed));
        }
    }

    /// <summary>Asserts that a process may run on this processor only, as its threads do that it starts.</summary>
    internal void AssertTakenBy(int process) => Assert.Contains(
        $"\nCpus_allowed_list:\t{Processor.ToString(CultureInfo.InvariantCulture)}\n",
        File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/status")),
        StringComparison.Ordinal);

    private static ulong[] Allowed()
    {
        ulong[] mask = new ulong[MaskWords];
        Assert.True(sched_getaffinity(0, MaskWords * sizeof(ulong), mask) >= 0);
        return mask;
    }

    private static IEnumerable<int> Numbers(ulong[] mask) =>
        Enumerable.Range(0, MaskWords * 64).Where(processor => (mask[processor / 64] >> (processor % 64) & 1) != 0);

    [DllImport("libc")]
    private static extern int sched_setaffinity(int thread, nint size, [In] ulong[] mask);

    [DllImport("libc")]
    private static extern int sched_getaffinity(int thread, nint size, [Out] ulong[] mask);
}
