using System.Net;
using System.Net.Sockets;
using ZMemif.Udp.Tests.Contract;

namespace ZMemif.Udp.Tests;

/// <summary>What a user can reckon up from the public numbers: nothing is missing, at either end.</summary>
public sealed class MemifInterfaceStatisticsTests
{
    private static readonly IPAddress s_group = IPAddress.Parse("239.1.2.3");

    [Fact]
    public async Task Statistics_AfterAllKindsOfFates_AddUpAtBothEnds()
    {
        (MemifInterface first, MemifInterface second) = MemifInterface.CreatePair();
        await using (first)
        await using (second)
        {
            using MemifUdpClient sender = new(first, 5000);
            using MemifUdpClient reader = new(second, 7);
            using MemifUdpClient sluggish = new(second, 8);
            using MemifUdpClient member = new(first, 9);
            reader.Client.ReceiveTimeout = 20_000;
            member.JoinMulticastGroup(s_group);
            var read = new IPEndPoint(second.Address, 7);
            IPEndPoint? from = null;

            sender.Send(new byte[10], read);
            reader.Receive(ref from);
            sender.Send(new byte[20_000], read);
            Assert.Equal(20_000, reader.Receive(ref from).Length);
            for (int i = 0; i < 1000; i++)
                sender.Send(new byte[10], new IPEndPoint(second.Address, 8));
            sender.Send(new byte[10], new IPEndPoint(second.Address, 99));
            sender.Send(new byte[10], new IPEndPoint(IPAddress.Parse("192.0.2.77"), 7));
            sender.Send(new byte[10], new IPEndPoint(s_group, 9));
            sender.Send(new byte[10], new IPEndPoint(IPAddress.Loopback, 9));
            sender.Send(new byte[10], read);
            reader.Receive(ref from);

            await Waiting.UntilAsync(() => IsBalanced(first.Statistics) && IsBalanced(second.Statistics)
                && first.Statistics.RingFramesTransmitted == second.Statistics.RingFramesReceived
                && second.Statistics.RingFramesTransmitted == first.Statistics.RingFramesReceived);
            Assert.Equal(1, second.Statistics.Drops[MemifDropReason.NoSocket]);
            Assert.Equal(sluggish.Client.DatagramsDropped, second.Statistics.Drops[MemifDropReason.ReceiveBufferFull]);
            Assert.Equal(1000 - 256, sluggish.Client.DatagramsDropped);
            Assert.Equal(1, first.Statistics.DatagramsCopied);
        }
    }

    [Fact]
    public async Task Statistics_AfterAnExchange_AddUp()
    {
        (MemifInterface first, MemifInterface second) = MemifInterface.CreatePair();
        await using MemifInterface one = first;
        await using MemifInterface two = second;
        await Exchange.AssertCarriesAsync(first, second);
        using var sender = new MemifUdpClient(first, 0);
        using var witness = new MemifUdpClient(second, 0);

        for (int i = 0; i < 10; i++)
            sender.Send("nobody there"u8, new IPEndPoint(second.Address, 9));
        sender.Send("done"u8, new IPEndPoint(second.Address, Exchange.LocalPort(witness)));
        await witness.ReceiveAsync().Soon();

        // Once the loops have ended, the counters stand still.
        await first.DisposeAsync();
        await second.DisposeAsync();
        MemifInterfaceStatistics sent = first.Statistics;
        MemifInterfaceStatistics received = second.Statistics;
        Assert.Equal(12, sent.DatagramsSent);
        Assert.InRange(sent.RingFramesTransmitted, 12, long.MaxValue);
        Assert.Equal(2, received.DatagramsDelivered);
        Assert.Equal([], Dropped(sent));
        Assert.Equal([(MemifDropReason.NoSocket, 10)], Dropped(received));
        Assert.Equal(Enum.GetValues<MemifDropReason>().Length, received.Drops.Count);

        // Not the server's announcement, which may come before the client has lent it buffers; nor the port unreachables of a
        // burst that are not sent.
        static IEnumerable<(MemifDropReason Reason, long Count)> Dropped(MemifInterfaceStatistics statistics) => statistics.Drops
            .Where(drop => drop.Value > 0 && drop.Key is not (MemifDropReason.AnswerNotSent or MemifDropReason.AnswerLimited))
            .Select(drop => (drop.Key, drop.Value));
    }

    private static bool IsBalanced(MemifInterfaceStatistics now) =>
        now.RingFramesReceived + now.DatagramsLooped + now.DatagramsCopied
            == now.FramesConsumed + now.DatagramsDelivered + now.FragmentsAbsorbed + now.PacketsIncomplete + now.DroppedOnReceive
        && now.DatagramsSent - now.DatagramsLooped + now.MessagesMade + now.FragmentsMade
            == now.RingFramesTransmitted + now.FramesParked + now.DroppedOnTransmit;
}
