using ZMemif.Memory;
using ZMemif.Tests.Peers;

namespace ZMemif.Tests.Queues;

/// <summary>
/// A peer that publishes an index and then tests the mask, without a fence between, as known ones do (§4.2): its test may
/// overtake its store, and then it sends no event though the receiver has just gone to sleep.
/// </summary>
[Collection(nameof(Alone))]
public sealed class UnfencedSenderTests
{
    private const int Packets = 1_000_000;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(240);

    [Fact]
    public async Task Receiver_SleepsBeforeEveryPacket_IsWokenForEach()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(new MemifPortOptions { ReceiveMode = MemifReceiveMode.Interrupt });
        using RawClient client = server.Client(ClientStage.Up);
        await server.Events.ExpectUpAsync();
        for (uint slot = 0; slot < 1u << RawClient.Log2RingSize; slot++)
            client.S2M.WriteDescriptor(slot, new Descriptor { Length = 4, Offset = RawClient.BufferOf(slot) });

        Task receiving = LongRunning(() => Receive(server.Target.RxQueues[0]));
        Task sending = LongRunning(() => Send(client));

        await Task.WhenAll(receiving, sending).WaitAsync(s_patience);
        Assert.Equal((ulong)Packets, server.Target.RxQueues[0].Packets);
        Assert.InRange(server.Target.RxQueues[0].Statistics.Wakeups, Packets / 2UL, (ulong)Packets);
    }

    // Each packet comes as soon as the one before is back: when the receiver is about to sleep.
    private static void Send(RawClient client)
    {
        for (int i = 0; i < Packets; i++)
        {
            while (client.S2M.AcquireTail() != (ushort)i)
                Thread.SpinWait(1);
            client.S2M.ReleaseHead((ushort)(i + 1));
            if (!client.S2M.IsMasked)
                client.S2MEvent.Signal();
        }
    }

    private static void Receive(MemifRxQueue rx)
    {
        byte[] packet = new byte[4];
        for (int received = 0; received < Packets;)
        {
            rx.Wait(Timeout.InfiniteTimeSpan);
            while (rx.TryReceive(packet, out int _))
                received++;
        }
    }

    private static Task LongRunning(Action action) =>
        Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
