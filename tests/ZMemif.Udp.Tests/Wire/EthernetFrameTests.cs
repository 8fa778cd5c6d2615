using System.Net.NetworkInformation;
using CsCheck;
using ZMemif.Udp.Wire;
using Oracle = PacketDotNet;

namespace ZMemif.Udp.Tests.Wire;

public class EthernetFrameTests
{
    private static readonly byte[] HeaderBytes =
        [0x02, 0x00, 0x00, 0x00, 0x00, 0x02, 0x02, 0x00, 0x00, 0x00, 0x00, 0x01, 0x08, 0x00];

    private static readonly MacAddress Left = MacAddress.Parse("02:00:00:00:00:01");
    private static readonly MacAddress Right = MacAddress.Parse("02:00:00:00:00:02");

    [Fact]
    public void TryParse_Literal_GivesItsFields()
    {
        Assert.True(EthernetFrame.TryParse([.. HeaderBytes, 1, 2, 3], out var frame));

        Assert.Equal(Right, frame.Destination);
        Assert.Equal(Left, frame.Source);
        Assert.Equal(EtherType.IPv4, frame.Type);
    }

    [Theory]
    [InlineData(0x0000, true)]
    [InlineData(0xF000, true)]
    [InlineData(0x0001, false)]
    [InlineData(0xE800, false)]
    public void TryParse_Tagged_APriorityIsPartOfTheHeader(ushort tag, bool isPriority)
    {
        byte[] bytes = [.. HeaderBytes[..12], 0x81, 0x00, (byte)(tag >> 8), (byte)tag, 0x08, 0x06, 1, 2, 3];

        Assert.True(EthernetFrame.TryParse(bytes, out var frame));

        Assert.Equal(isPriority ? (EtherType.Arp, 18) : (EtherType.Vlan, 14), (frame.Type, frame.Length));
    }

    [Fact]
    public void TryParse_CutInItsTag_IsOfTheTagsType()
    {
        Assert.True(EthernetFrame.TryParse([.. HeaderBytes[..12], 0x81, 0x00, 0x00, 0x00, 0x08], out var frame));

        Assert.Equal((EtherType.Vlan, 14), (frame.Type, frame.Length));
    }

    [Fact]
    public void WriteHeader_FieldsOfLiteral_GivesItsBytes()
    {
        var bytes = new byte[EthernetFrame.HeaderLength + 1];

        EthernetFrame.WriteHeader(bytes, Right, Left, EtherType.IPv4);

        Assert.Equal([.. HeaderBytes, 0], bytes);
    }

    [Fact]
    public void TryParse_EveryTruncation_IsRefused()
    {
        for (int length = 0; length < EthernetFrame.HeaderLength; length++)
            Assert.False(EthernetFrame.TryParse(HeaderBytes.AsSpan(0, length), out _));
    }

    [Fact]
    public void WriteHeader_EveryTruncation_ThrowsAndWritesNothing()
    {
        for (int length = 0; length < EthernetFrame.HeaderLength; length++)
        {
            var bytes = new byte[length];
            Assert.Throws<ArgumentOutOfRangeException>(() => EthernetFrame.WriteHeader(bytes, Right, Left, EtherType.IPv4));
            Assert.All(bytes, value => Assert.Equal(0, value));
        }
    }

    [Fact]
    public void WriteHeader_AnyFields_OracleReadsThem() =>
        Gen.Select(Any.Mac, Any.Mac, Gen.UShort).Sample((to, from, type) =>
        {
            var bytes = new byte[EthernetFrame.HeaderLength];
            EthernetFrame.WriteHeader(bytes, to, from, (EtherType)type);

            var theirs = new Oracle.EthernetPacket(new(bytes));
            Assert.Equal(PhysicalAddress.Parse(to.ToString()), theirs.DestinationHardwareAddress);
            Assert.Equal(PhysicalAddress.Parse(from.ToString()), theirs.SourceHardwareAddress);
            Assert.Equal(type, (ushort)theirs.Type);
        });

    [Fact]
    public void TryParse_WhatTheOracleBuilt_GivesItsFields() =>
        Gen.Select(Any.Mac, Any.Mac, Gen.UShort).Sample((to, from, type) =>
        {
            var theirs = new Oracle.EthernetPacket(
                PhysicalAddress.Parse(from.ToString()), PhysicalAddress.Parse(to.ToString()), (Oracle.EthernetType)type);

            Assert.True(EthernetFrame.TryParse(theirs.Bytes, out var frame));
            Assert.Equal(to, frame.Destination);
            Assert.Equal(from, frame.Source);
            Assert.Equal(type, (ushort)frame.Type);
        });
}
