using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp.Tests;

/// <summary>
/// What a datagram costs over shared memory in the forms that promise to allocate nothing: both ends, loops and pool included, in
/// a process of its own.
/// </summary>
public sealed class AllocationTests
{
    private const int WarmUp = 10_000;
    private const int Burst = 16;

    /// <summary>In bytes.</summary>
    private const int SmallestObject = 24;

    private static readonly byte[] s_payload = new byte[18];

    private static int Datagrams => Environment.GetEnvironmentVariable("ZMEMIF_SOAK") == "1" ? 1_000_000 : 200_000;

    [Fact]
    public Task SpanForms_Connected_AllocateNothing() => MeasureAsync((sender, receiver, datagrams) =>
    {
        sender.Connect(receiver.LocalEndPoint!);
        byte[] buffer = new byte[64];
        for (int i = 0; i < datagrams; i++)
        {
            sender.Send(s_payload.AsSpan(), SocketFlags.None);
            Require(receiver.Receive(buffer.AsSpan(), SocketFlags.None));
        }
    });

    [Fact]
    public Task SocketAddressForms_AllocateNothing() => MeasureAsync((sender, receiver, datagrams) =>
    {
        SocketAddress to = receiver.LocalEndPoint!.Serialize();
        var from = new SocketAddress(AddressFamily.InterNetwork);
        byte[] buffer = new byte[64];
        for (int i = 0; i < datagrams; i++)
        {
            sender.SendTo(s_payload, SocketFlags.None, to);
            Require(receiver.ReceiveFrom(buffer, SocketFlags.None, from));
        }
    });

    [Fact]
    public Task MemoryForms_Pending_AllocateNothing() => MeasureAsync((sender, receiver, datagrams) =>
    {
        sender.Connect(receiver.LocalEndPoint!);
        ExchangeAsync(datagrams).GetAwaiter().GetResult();

        async Task ExchangeAsync(int count)
        {
            byte[] buffer = new byte[64];
            for (int i = 0; i < count; i++)
            {
                ValueTask<int> receiving = receiver.ReceiveAsync(buffer.AsMemory());
                await sender.SendAsync(s_payload.AsMemory());
                Require(await receiving);
            }
        }
    });

    [Fact]
    public Task SocketAddressForms_Pending_AllocateNothing() => MeasureAsync((sender, receiver, datagrams) =>
    {
        SocketAddress to = receiver.LocalEndPoint!.Serialize();
        ExchangeAsync(datagrams).GetAwaiter().GetResult();

        async Task ExchangeAsync(int count)
        {
            var from = new SocketAddress(AddressFamily.InterNetwork);
            byte[] buffer = new byte[64];
            for (int i = 0; i < count; i++)
            {
                ValueTask<int> receiving = receiver.ReceiveFromAsync(buffer, SocketFlags.None, from);
                await sender.SendToAsync(s_payload.AsMemory(), SocketFlags.None, to);
                Require(await receiving);
            }
        }
    });

    [Fact]
    public Task BatchForms_AllocateNothing() => MeasureAsync((sender, receiver, datagrams) =>
    {
        sender.Connect(receiver.LocalEndPoint!);
        MemifDatagram[] outgoing = [.. Enumerable.Range(0, Burst).Select(_ => new MemifDatagram(new byte[18]) { Length = 18 })];
        MemifDatagram[] incoming = [.. Enumerable.Range(0, Burst).Select(_ => new MemifDatagram(new byte[64]))];
        for (int sent = 0; sent < datagrams; sent += Burst)
        {
            if (sender.SendBatch(outgoing) != Burst)
                throw new InvalidOperationException("There was no room.");
            for (int received = 0; received < Burst;)
                received += receiver.ReceiveBatch(incoming.AsSpan(0, Burst - received));
        }
    });

    private static Task MeasureAsync(
        Action<MemifDatagramSocket, MemifDatagramSocket, int> exchange,
        [System.Runtime.CompilerServices.CallerMemberName] string test = "") => IsolatedProcess.RunAsync(
        typeof(AllocationTests),
        MemifInterface.ConnectionVariable,
        null,
        () =>
        {
            (MemifInterface here, MemifInterface there) = MemifInterface.CreatePair();
            using MemifDatagramSocket receiver = Bound(here);
            using MemifDatagramSocket sender = Bound(there);
            exchange(sender, receiver, WarmUp);
            long before = GC.GetTotalAllocatedBytes(precise: true);

            exchange(sender, receiver, Datagrams);

            // Less than one object in twenty datagrams. What there is comes with time: the test's own runner, and the pool.
            Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, Datagrams * SmallestObject / 20);
            here.Dispose();
            there.Dispose();
        },
        test);

    private static MemifDatagramSocket Bound(MemifInterface memif)
    {
        var socket = new MemifDatagramSocket(memif, AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(memif.Address, 0));
        return socket;
    }

    private static void Require(int length)
    {
        if (length != s_payload.Length)
            throw new InvalidOperationException($"{length} bytes.");
    }
}
