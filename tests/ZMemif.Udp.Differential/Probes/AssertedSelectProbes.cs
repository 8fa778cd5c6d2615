using System.Collections;

namespace ZMemif.Udp.Differential;

/// <summary>What the framework's public tests assert about <c>Select</c>, and about rounds of receives that end early: AE-048 to AE-056.</summary>
internal static class AssertedSelectProbes
{
    public static Probe[] Rows { get; } =
    [
        new("AE-048", "Select with a non-socket object in the list",
            b => Try(() => Socket.Select(new ArrayList { b.Bound(), new() }, null, null, 0))),
        new("AE-049", "Select(null,null,null)", _ => Try(() => Socket.Select(null, null, null, 0))),
        new("AE-050", "Select 90 readers, 45 ready", b =>
        {
            List<Socket> all = [.. Enumerable.Range(0, 90).Select(_ => b.Bound())];
            List<Socket> ready = [.. all.Where((_, i) => i % 2 == 0)];
            ready.ForEach(socket => b.Fresh().SendTo(Bytes(4), At(socket)));
            Socket.Select(all, null, null, 1_000_000);
            return $"{all.Count} order={all.SequenceEqual(ready)}";
        }),
        new("AE-051", "Select 1025 sockets all writable", b =>
        {
            List<Socket> all = [.. Enumerable.Range(0, 1025).Select(_ => b.Bound())];
            Socket.Select(null, all, null, 1_000_000);
            return Value(all.Count);
        }),
        new("AE-052", "Select 66000-entry list", b => Try(() => Socket.Select(Enumerable.Repeat(b.Bound(), 66_000).ToList(), null, null, 0))),
        new("AE-053", "Select with one disposed socket", b =>
        {
            Socket open = b.Bound(), disposed = b.Disposed();
            string result = Try(() => Socket.Select(new List<Socket> { open, disposed }, null, null, 0));
            open.Close();
            return $"{result} closed={open.SafeHandle.IsClosed}";
        }),
        new("AE-054", "SendToAsync(Memory empty) then data", b =>
        {
            (Socket receiver, _) = b.Pair();
            Socket sender = b.Fresh();
            Task<int> empty = sender.SendToAsync(Memory<byte>.Empty, SocketFlags.None, At(receiver)).AsTask();
            bool synchronous = empty.IsCompleted;
            sender.SendTo(Bytes(8), At(receiver));
            return $"sync={synchronous} {Receive(receiver)} then {Receive(receiver)}";
        }),
        new("AE-055", "ReceiveFrom(span,SocketAddress) x5 with ReceiveTimeout", b =>
        {
            Socket socket = b.Bound();
            socket.ReceiveTimeout = 50;
            SocketAddress from = Any.Serialize();
            return string.Join(",", Enumerable.Range(0, 5).Select(_ => Code(() => socket.ReceiveFrom(new byte[64].AsSpan(), SocketFlags.None, from))));
        }),
        new("AE-056", "ReceiveFromAsync(mem,SocketAddress,ct) x5 cancelled, then data", b =>
        {
            (Socket receiver, Socket sender) = b.Pair();
            SocketAddress from = Any.Serialize();
            string rounds = string.Join(",", Enumerable.Range(0, 5).Select(_ => CancelledRound(receiver, from)));
            sender.Send(Bytes(8));
            string received = Try(() => receiver.ReceiveFromAsync(new byte[64].AsMemory(), SocketFlags.None, from));
            return $"{rounds} then {received} from sender={from.Equals(At(sender).Serialize())}";
        }),
    ];

    private static string Receive(Socket socket) => Try(() => socket.Receive(new byte[64]));

    private static string Code(Func<object> call)
    {
        try
        {
            return Value(call());
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode.ToString();
        }
    }

    private static string CancelledRound(Socket socket, SocketAddress from)
    {
        using var cancellation = new CancellationTokenSource();
        ValueTask<int> pending = socket.ReceiveFromAsync(new byte[64].AsMemory(), SocketFlags.None, from, cancellation.Token);
        cancellation.Cancel();
        return Try(() => pending) is ['✗', ' ', .. var error] ? error : "completed";
    }
}
