using CsCheck;
using ZMemif.Udp.Stack;
using ZMemif.Udp.Wire;
using Oracle = PacketDotNet;

namespace ZMemif.Udp.Tests.Stack;

/// <summary>PacketDotNet reads from datagrams of every length and kind just what was asked for, in one packet or in several.</summary>
public sealed class OracleTests
{
    // Not one that PacketDotNet reads more into, as 9.
    private const ushort Port = 5000;

    private static readonly Ipv4Address[] s_destinations = [Net.Neighbor, Net.Outside, Net.DirectedBroadcast, Ipv4Address.Broadcast, Net.Group];

    private static readonly Gen<PacketOptions> s_options = Gen.Select(
        Gen.Int[1, 255], Gen.Byte, Gen.Bool, Gen.Int[1, 255],
        (timeToLive, service, mayBeCut, ofGroups) =>
            new PacketOptions((byte)timeToLive, service, mayBeCut ? PathMtuDiscovery.Dont : PathMtuDiscovery.Want) { MulticastTimeToLive = (byte)ofGroups });

    // Longer ones PacketDotNet takes for negative; the kernel has judged them (FragmentTests of the host tests).
    private static readonly Gen<int> s_length = Gen.Frequency((3, Gen.Int[0, 1500]), (1, Gen.Int[1500, 32_000]));

    [Fact]
    public void Datagram_OfAnyOptionsAndLength_IsReadAsItWasMeant() =>
        Gen.Select(s_options, s_length, Gen.Int[0, s_destinations.Length - 1].Select(i => s_destinations[i]), Gen.Byte).Sample((options, length, destination, fill) =>
        {
            var host = new TestHost();
            host.IntroduceNeighbor();
            host.Introduce(Net.Gateway, Net.GatewayMac);
            host.Sent.Clear();
            byte[] payload = [.. Enumerable.Range(fill, length).Select(i => (byte)(i * 3))];

            Assert.Equal(SendStatus.Sent, host.Send(destination, payload, Port, options));

            byte timeToLive = destination.IsMulticast ? options.MulticastTimeToLive : options.TimeToLive;
            JudgePackets([.. host.Sent.Select(Parse)], destination, timeToLive, options);
            JudgeDatagram([.. host.Sent.Select(Parse)], payload);
            host.AssertBalances();
        }, iter: 500);

    private static void JudgePackets(Oracle.IPv4Packet[] packets, Ipv4Address destination, byte timeToLive, PacketOptions options)
    {
        bool isWhole = packets.Length == 1;
        int end = 0;
        foreach (Oracle.IPv4Packet packet in packets)
        {
            bool isLast = packet == packets[^1];
            Assert.True(packet.ValidIPChecksum);
            Assert.Equal((Net.Own.ToIPAddress(), destination.ToIPAddress()), (packet.SourceAddress, packet.DestinationAddress));
            Assert.Equal((timeToLive, (int)options.TypeOfService, Oracle.ProtocolType.Udp), (packet.TimeToLive, packet.TypeOfService, packet.Protocol));
            // Bit 1 is DF, bit 0 MF. Only what may be cut needs an identification (RFC 6864), and its fragments have the same one.
            bool mustNotBeCut = isWhole && options.Discovery == PathMtuDiscovery.Want;
            Assert.Equal(mustNotBeCut ? 2 : isLast ? 0 : 1, packet.FragmentFlags);
            Assert.Equal(mustNotBeCut ? 0 : packets[0].Id, packet.Id);
            Assert.Equal(end, packet.FragmentOffset * 8);
            Assert.InRange(packet.TotalLength, 20, 1500);
            end += packet.TotalLength - 20;
        }
    }

    private static void JudgeDatagram(Oracle.IPv4Packet[] packets, byte[] payload)
    {
        byte[] whole = [.. packets.SelectMany(packet => packet.Bytes[20..packet.TotalLength])];
        var parent = new Oracle.IPv4Packet(packets[0].SourceAddress, packets[0].DestinationAddress);
        var udp = new Oracle.UdpPacket(new(whole), parent);
        parent.PayloadPacket = udp;
        Assert.Equal((4000, Port, whole.Length), (udp.SourcePort, udp.DestinationPort, udp.Length));
        Assert.Equal(payload, udp.PayloadData);
        Assert.True(udp.ValidUdpChecksum);
    }

    private static Oracle.IPv4Packet Parse(byte[] frame) =>
        Oracle.Packet.ParsePacket(Oracle.LinkLayers.Ethernet, frame).Extract<Oracle.IPv4Packet>();
}
