using System.Collections;
using System.Diagnostics;

namespace ZMemif.Udp.Differential;

/// <summary><c>Poll</c> and <c>Select</c>.</summary>
internal static class PollProbes
{
    public static Probe[] Rows { get; } =
    [
        new("L-001", "Poll on unbound fresh socket", b => ThreeModes(b.Fresh())),
        new("L-002", "Poll bound, empty", b => ThreeModes(b.Bound())),
        new("L-003", "Poll bound, datagram queued", b => ThreeModes(b.Queued().Receiver)),
        new("L-004", "Poll timeout accuracy", b => TimedPoll(b.Bound(), 100_000, elapsed => $"elapsed~100ms={elapsed is >= 90 and <= 200}")),
        new("L-005", "Poll(1 us) empty", b => TimedPoll(b.Bound(), 1, elapsed => $"<50ms={elapsed < 50}")),
        new("L-006", "Poll(-1) wakes on datagram", b =>
        {
            (Socket receiver, Socket sender) = b.Pair();
            Task<string> polling = Blocked(() => Try(() => receiver.Poll(-1, SelectMode.SelectRead)));
            sender.Send(Bytes(4));
            return Try(() => polling);
        }),
        new("L-007", "Poll(TimeSpan)", b => Try(() => b.Bound().Poll(TimeSpan.FromMilliseconds(10), SelectMode.SelectRead))),
        new("L-008", "Poll(InfiniteTimeSpan) ok; TimeSpan(-2ms)", b =>
        {
            b.Queued().Receiver.Poll(Timeout.InfiniteTimeSpan, SelectMode.SelectRead);
            return Try(() => b.Bound().Poll(TimeSpan.FromMilliseconds(-2), SelectMode.SelectRead));
        }),
        new("L-009", "Poll(-5 us)", b => Try(() => b.Bound().Poll(-5, SelectMode.SelectWrite))),
        new("L-010", "Poll(mode 99)", b => Try(() => b.Bound().Poll(0, (SelectMode)99))),
        new("L-011", "Poll then Dispose from other thread", b =>
        {
            Socket socket = b.Bound();
            Task<string> polling = Blocked(() => Try(() => socket.Poll(-1, SelectMode.SelectRead)));
            socket.Dispose();
            return Try(() => polling);
        }),
        new("L-012", "Select(null,null,null)", _ => Try(() => Socket.Select(null, null, null, 0))),
        new("L-013", "Select(empty,empty,empty)", _ => Try(() => Socket.Select(new List<Socket>(), new List<Socket>(), new List<Socket>(), 0))),
        new("L-014", "Select(list with non-socket)", _ => Try(() => Socket.Select(new ArrayList { "text" }, null, null, 0))),
        new("L-015", "Select read", b =>
        {
            Socket empty = b.Bound(), ready = b.Queued().Receiver;
            List<Socket> read = [empty, ready];
            Socket.Select(read, null, null, 1_000_000);
            return $"{read.Count} isB={ReferenceEquals(read[0], ready)}";
        }),
        new("L-016", "Select read", b =>
        {
            List<Socket> read = [b.Bound(), b.Bound()];
            Socket.Select(read, null, null, 50_000);
            return Value(read.Count);
        }),
        new("L-017", "Select read+write+error lists", b =>
        {
            Socket socket = b.Bound();
            List<Socket> read = [socket], write = [socket], error = [socket];
            Socket.Select(read, write, error, 0);
            return $"{read.Count}/{write.Count}/{error.Count}";
        }),
        new("L-018", "Select with array (fixed size IList)", b =>
        {
            Socket[] read = [b.Bound()];
            return Try(() =>
            {
                Socket.Select(read, null, null, 0);
                return read.Count(socket => socket is not null);
            });
        }),
        new("L-019", "Select with ArrayList", b =>
        {
            var read = new ArrayList { b.Queued().Receiver };
            Socket.Select(read, null, null, 0);
            return Value(read.Count);
        }),
        new("L-020", "Select same socket twice in list", b =>
        {
            Socket ready = b.Queued().Receiver;
            List<Socket> read = [ready, ready];
            Socket.Select(read, null, null, 0);
            return Value(read.Count);
        }),
    ];

    private static string ThreeModes(Socket socket) =>
        $"{socket.Poll(0, SelectMode.SelectRead)}/{socket.Poll(0, SelectMode.SelectWrite)}/{socket.Poll(0, SelectMode.SelectError)}";

    private static string TimedPoll(Socket socket, int microseconds, Func<double, string> judge)
    {
        long start = Stopwatch.GetTimestamp();
        bool ready = socket.Poll(microseconds, SelectMode.SelectRead);
        return $"{ready} {judge(Stopwatch.GetElapsedTime(start).TotalMilliseconds)}";
    }
}
