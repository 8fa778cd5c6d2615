using ZMemif.Udp.Diagnostics;
using ZMemif.Udp.Sockets;
using ZMemif.Udp.Stack;
using ZMemif.Udp.Tests.Stack;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Tests.Fuzz;

/// <summary>A host with sockets of each kind, whose counters are read at every frame.</summary>
internal sealed class FuzzHost
{
    private static readonly MemifDropReason[] s_reasons = Enum.GetValues<MemifDropReason>();
    private static readonly bool[] s_isOnReceipt = [.. s_reasons.Select(reason => reason != MemifDropReason.SocketClosed && !InterfaceCounters.IsOnTransmit(reason))];

    private readonly TestHost _host;
    private readonly UdpEndpoint[] _sockets;

    internal FuzzHost(TestHost host)
    {
        _host = host;
        _sockets = [host.Listen(), host.Listen(8), host.Listen(9)];
        _sockets[1].Connect(new UdpPeer(Net.Neighbor, 5000));
        _sockets[0].Groups.Join(Net.Group);
        _sockets[2].Groups.JoinSource(FuzzSeeds.SourceGroup, Net.Neighbor);
    }

    internal InterfaceCounters Counters => _host.Counters;

    /// <summary>Whether the ring takes what is sent.</summary>
    internal bool HasRoom { set => _host.Link.Transmitter.Room = value ? int.MaxValue : 0; }

    /// <summary>What has become of all frames so far: the same for hosts that were treated the same.</summary>
    internal long Fates { get; private set; }

    /// <summary>Takes a frame, and makes sure that it has one fate.</summary>
    internal void Receive(ReadOnlySpan<byte> frame)
    {
        DirectReceive nobody = default;
        _host.Stack.Handle(frame, ref nobody);
        AssertSettled();
        Assert.False(_host.Link.Transmitter.IsReserved);
        _host.Sent.Clear();
    }

    internal void Pass(TimeSpan time)
    {
        _host.Pass(time);
        _host.Sent.Clear();
        AssertSettled();
    }

    /// <summary>Reads all datagrams, which have to be those that the other host has.</summary>
    internal void DrainAs(FuzzHost other)
    {
        for (int i = 0; i < _sockets.Length; i++)
        {
            while (_sockets[i].Inbox.TryTake(out QueuedDatagram datagram))
            {
                Assert.True(other._sockets[i].Inbox.TryTake(out QueuedDatagram twin));
                Assert.Equal((datagram.Sender, datagram.Destination), (twin.Sender, twin.Destination));
                Assert.True(datagram.Payload.SequenceEqual(twin.Payload));
                DatagramInbox.Return(datagram);
                DatagramInbox.Return(twin);
            }

            Assert.False(other._sockets[i].Inbox.TryTake(out _));
            Assert.Equal(_sockets[i].Inbox.TakeFailure(), other._sockets[i].Inbox.TakeFailure());
        }
    }

    /// <summary>The balances of <see cref="InterfaceCounters"/>, in the end.</summary>
    internal void AssertBalances()
    {
        HasRoom = true;
        _host.AssertBalances();
    }

    // As TestHost.FramesSettled, without making anything.
    private void AssertSettled()
    {
        InterfaceCounters counters = _host.Counters;
        long drops = 0;
        long fates = 0;
        for (int i = 0; i < s_isOnReceipt.Length; i++)
        {
            if (!s_isOnReceipt[i])
                continue;
            long count = counters.Drops((MemifDropReason)i);
            drops += count;
            fates = (fates * 31) + count;
        }

        long incomplete = _host.Stack.Reassembler.Count;
        Fates = (fates * 31) + (counters.FramesConsumed * 7) + (counters.DatagramsDelivered * 5) + (counters.FragmentsAbsorbed * 3) + incomplete;
        long settled = counters.FramesConsumed + counters.DatagramsDelivered + drops + counters.FragmentsAbsorbed + incomplete - counters.DatagramsCopied;
        if (counters.FramesReceived != settled)
            Assert.Fail($"{counters.FramesReceived} frames have come, and {settled} fates.");
    }
}
