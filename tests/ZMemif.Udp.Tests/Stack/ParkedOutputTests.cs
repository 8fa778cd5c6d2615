using ZMemif.Udp.Sockets;
using ZMemif.Udp.Stack;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Tests.Stack;

/// <summary>What has waited for its neighbor goes as if it had not.</summary>
public sealed class ParkedOutputTests
{
    [Fact]
    public void FirstDatagramOfAFlow_SeveralQueues_LeavesByTheQueueOfTheOthers()
    {
        var host = new TestHost(queues: 4);
        for (byte i = 1; i <= 20; i++)
        {
            var neighbor = new Ipv4Address(Net.Own.Value + 20 + i);
            var flow = new UdpFlow(Ipv4Address.Any, 4000, neighbor, 9);

            host.Send(flow, "first"u8);
            host.Receive(Frames.Arp(ArpOperation.Reply, sender: neighbor, senderMac: Net.OtherMac, to: Net.OwnMac));
            host.Send(flow, "second"u8);

            Assert.Equal(2, Assert.Single(host.Link.Queues.Select(queue => queue.Sent.Count(frame => IsTo(neighbor, frame))), count => count > 0));
        }
    }

    [Fact]
    public void Datagram_LongerThanItsWayTakes_IsCut()
    {
        var host = new TestHost();
        host.Listen(7);
        host.Introduce(Net.Gateway, Net.GatewayMac);
        host.Receive(Frames.Icmp(
            IcmpType.DestinationUnreachable, 4, Frames.Quote(fromPort: 7, toPort: 9, to: Net.Outside), rest: 1000, source: Net.Gateway));
        host.Stack.Arp.Neighbors.Clear();
        host.Sent.Clear();
        host.Send(new UdpFlow(Net.Own, 7, Net.Outside, 9), new byte[1300]);

        host.Receive(Frames.Arp(ArpOperation.Reply, sender: Net.Gateway, senderMac: Net.GatewayMac, to: Net.OwnMac));

        Assert.Equal([34 + 976, 34 + 8 + 1300 - 976], host.Sent.Where(frame => IsTo(Net.Outside, frame)).Select(frame => frame.Length));
        host.AssertBalances();
    }

    private static bool IsTo(Ipv4Address destination, byte[] frame) => frame[13] == 0 && Ipv4Address.Read(frame.AsSpan(30)) == destination;
}
