using ZMemif.Udp.Stack;
using ZMemif.Udp.Tests.Link;

namespace ZMemif.Udp.Tests.Stack;

public sealed class TransmitQueueTests
{
    private readonly TestHost _host = new();

    [Fact]
    public void Discard_AfterReservation_LetsOtherThreadsIn()
    {
        var queue = new TransmitQueue(_host.Link.Transmitters[0], TestHost.Stall, () => { });
        Assert.True(queue.TryReserve(60, out _));
        queue.Discard();

        AssertAnotherThreadCanSend(queue);
    }

    [Fact]
    public void TryReserve_RingFull_LetsOtherThreadsIn()
    {
        var queue = new TransmitQueue(_host.Link.Transmitters[0], TestHost.Stall, () => { });
        _host.Link.Transmitter.Room = 0;
        Assert.False(queue.TryReserve(60, out _));
        _host.Link.Transmitter.Room = 1;

        AssertAnotherThreadCanSend(queue);
    }

    [Fact]
    public void Commit_ToASleepingPeer_WakesItWhileOthersCanSend()
    {
        var queue = new TransmitQueue(_host.Link.Transmitters[0], TestHost.Stall, () => { });
        int wakes = 0;
        _host.Link.Transmitter.MustWakePeer = true;
        _host.Link.Transmitter.OnWake = () =>
        {
            if (wakes++ == 0)
                AssertAnotherThreadCanSend(queue);
        };

        Assert.True(queue.TrySend(new byte[60]));

        Assert.Equal(2, wakes);
    }

    private static void AssertAnotherThreadCanSend(TransmitQueue queue)
    {
        bool sent = false;
        var other = new Thread(() => sent = queue.TrySend(new byte[60])) { IsBackground = true };
        other.Start();

        Assert.True(other.Join(TimeSpan.FromSeconds(20)), "The lock was not given back.");
        Assert.True(sent);
    }
}
