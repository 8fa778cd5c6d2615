using System.Net.NetworkInformation;
using CsCheck;
using ZMemif.Udp.Wire;
using Oracle = PacketDotNet;

namespace ZMemif.Udp.Tests.Wire;

public class ArpPacketTests
{
    /// <summary>"192.0.2.2 is at 02:00:00:00:00:02", told to 192.0.2.1.</summary>
    private static readonly byte[] ReplyBytes =
    [
        0x00, 0x01, 0x08, 0x00, 0x06, 0x04, 0x00, 0x02,
        0x02, 0x00, 0x00, 0x00, 0x00, 0x02, 192, 0, 2, 2,
        0x02, 0x00, 0x00, 0x00, 0x00, 0x01, 192, 0, 2, 1,
    ];

    private static readonly MacAddress LeftMac = MacAddress.Parse("02:00:00:00:00:01");
    private static readonly MacAddress RightMac = MacAddress.Parse("02:00:00:00:00:02");
    private static readonly Ipv4Address Left = Ipv4Address.Parse("192.0.2.1");
    private static readonly Ipv4Address Right = Ipv4Address.Parse("192.0.2.2");

    [Fact]
    public void TryParse_LiteralWithPadding_GivesItsFields()
    {
        Assert.True(ArpPacket.TryParse([.. ReplyBytes, .. new byte[18]], out var packet));

        Assert.Equal(ArpOperation.Reply, packet.Operation);
        Assert.Equal((RightMac, Right), (packet.SenderMac, packet.SenderAddress));
        Assert.Equal((LeftMac, Left), (packet.TargetMac, packet.TargetAddress));
    }

    [Fact]
    public void Write_FieldsOfLiteral_GivesItsBytes()
    {
        var bytes = new byte[ArpPacket.Length + 1];

        ArpPacket.Write(bytes, ArpOperation.Reply, RightMac, Right, LeftMac, Left);

        Assert.Equal([.. ReplyBytes, 0], bytes);
    }

    [Fact]
    public void TryParse_EveryTruncation_IsRefused()
    {
        for (int length = 0; length < ArpPacket.Length; length++)
            Assert.False(ArpPacket.TryParse(ReplyBytes.AsSpan(0, length), out _));
    }

    [Fact]
    public void Write_EveryTruncation_ThrowsAndWritesNothing()
    {
        for (int length = 0; length < ArpPacket.Length; length++)
        {
            var bytes = new byte[length];
            Assert.Throws<ArgumentOutOfRangeException>(() => ArpPacket.Write(bytes, ArpOperation.Reply, RightMac, Right, LeftMac, Left));
            Assert.All(bytes, value => Assert.Equal(0, value));
        }
    }

    [Theory]
    [InlineData(1, 6)] // IEEE 802 hardware
    [InlineData(3, 0xDD)] // another protocol
    [InlineData(4, 8)] // longer hardware addresses
    [InlineData(5, 16)] // longer protocol addresses
    public void TryParse_OtherAddressFamilies_IsRefused(int offset, byte value)
    {
        var bytes = ReplyBytes.ToArray();
        bytes[offset] = value;

        Assert.False(ArpPacket.TryParse(bytes, out _));
    }

    [Fact]
    public void Write_AnyFields_OracleReadsThem() =>
        Gen.Select(Gen.UShort, Any.Mac, Any.Address, Any.Mac, Any.Address).Sample((operation, senderMac, sender, targetMac, target) =>
        {
            var bytes = new byte[ArpPacket.Length];
            ArpPacket.Write(bytes, (ArpOperation)operation, senderMac, sender, targetMac, target);

            var theirs = new Oracle.ArpPacket(new(bytes));
            Assert.Equal(operation, (ushort)theirs.Operation);
            Assert.Equal(PhysicalAddress.Parse(senderMac.ToString()), theirs.SenderHardwareAddress);
            Assert.Equal(sender.ToIPAddress(), theirs.SenderProtocolAddress);
            Assert.Equal(PhysicalAddress.Parse(targetMac.ToString()), theirs.TargetHardwareAddress);
            Assert.Equal(target.ToIPAddress(), theirs.TargetProtocolAddress);
        });

    [Fact]
    public void TryParse_WhatTheOracleBuilt_GivesItsFields() =>
        Gen.Select(Gen.UShort, Any.Mac, Any.Address, Any.Mac, Any.Address).Sample((operation, senderMac, sender, targetMac, target) =>
        {
            var theirs = new Oracle.ArpPacket(
                (Oracle.ArpOperation)operation,
                PhysicalAddress.Parse(targetMac.ToString()),
                target.ToIPAddress(),
                PhysicalAddress.Parse(senderMac.ToString()),
                sender.ToIPAddress());

            Assert.True(ArpPacket.TryParse(theirs.Bytes, out var packet));
            Assert.Equal(operation, (ushort)packet.Operation);
            Assert.Equal((senderMac, sender), (packet.SenderMac, packet.SenderAddress));
            Assert.Equal((targetMac, target), (packet.TargetMac, packet.TargetAddress));
        });
}
