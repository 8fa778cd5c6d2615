using CsCheck;
using PacketDotNet.Utils;
using ZMemif.Udp.Wire;
using Oracle = PacketDotNet;

namespace ZMemif.Udp.Tests.Wire;

public class IcmpPacketTests
{
    private static readonly byte[] EchoReplyBytes = [0, 0, 0xF1, 0x2B, 0xCA, 0xFE, 0, 3, .. "hello"u8];

    /// <summary>Fragmentation needed, the next link takes 1400 bytes.</summary>
    private static readonly byte[] UnreachableBytes = [3, 4, 0xB3, 0xB1, 0, 0, 0x05, 0x78, .. "hello"u8];

    private static readonly ulong PayloadSum = InternetChecksum.Sum("hello"u8);

    [Fact]
    public void TryParse_EchoReply_GivesItsFields()
    {
        Assert.True(IcmpPacket.TryParse(EchoReplyBytes.AsSpan(0, 8), available: 13, out var packet));

        Assert.Equal((IcmpType.EchoReply, 0, 0xF12B), (packet.Type, packet.Code, packet.Checksum));
        Assert.Equal((0xCAFE, 3, 5), (packet.Identifier, packet.SequenceNumber, packet.PayloadLength));
        Assert.True(packet.VerifyChecksum(PayloadSum));
    }

    [Fact]
    public void TryParse_FragmentationNeeded_GivesTheMtu()
    {
        Assert.True(IcmpPacket.TryParse(UnreachableBytes.AsSpan(0, 8), available: 13, out var packet));

        Assert.Equal((IcmpType.DestinationUnreachable, (byte)IcmpUnreachableCode.FragmentationNeeded), (packet.Type, packet.Code));
        Assert.Equal(1400, packet.NextHopMtu);
        Assert.True(packet.VerifyChecksum(PayloadSum));
    }

    [Fact]
    public void WriteEchoReply_FieldsOfLiteral_GivesItsBytes()
    {
        var bytes = new byte[IcmpPacket.HeaderLength + 1];

        IcmpPacket.WriteEchoReply(bytes, 0xCAFE, 3, PayloadSum);

        Assert.Equal([.. EchoReplyBytes[..8], 0], bytes);
    }

    [Fact]
    public void WriteDestinationUnreachable_FieldsOfLiteral_GivesItsBytes()
    {
        var bytes = new byte[IcmpPacket.HeaderLength + 1];

        IcmpPacket.WriteDestinationUnreachable(bytes, IcmpUnreachableCode.FragmentationNeeded, nextHopMtu: 1400, PayloadSum);

        Assert.Equal([.. UnreachableBytes[..8], 0], bytes);
    }

    [Fact]
    public void TryParse_EveryTruncation_IsRefused()
    {
        for (int length = 0; length < IcmpPacket.HeaderLength; length++)
        {
            Assert.False(IcmpPacket.TryParse(EchoReplyBytes.AsSpan(0, length), available: 13, out _));
            Assert.False(IcmpPacket.TryParse(EchoReplyBytes, available: length, out _));
        }
    }

    [Fact]
    public void Write_EveryTruncation_ThrowsAndWritesNothing()
    {
        for (int length = 0; length < IcmpPacket.HeaderLength; length++)
        {
            var bytes = new byte[length];
            Assert.Throws<ArgumentOutOfRangeException>(() => IcmpPacket.WriteEchoReply(bytes, 0xCAFE, 3, PayloadSum));
            Assert.All(bytes, value => Assert.Equal(0, value));
        }
    }

    [Fact]
    public void VerifyChecksum_AnyBitFlipped_IsRefused()
    {
        for (int bit = 0; bit < EchoReplyBytes.Length * 8; bit++)
        {
            var bytes = EchoReplyBytes.ToArray();
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));

            Assert.True(IcmpPacket.TryParse(bytes, bytes.Length, out var packet));
            Assert.False(packet.VerifyChecksum(InternetChecksum.Sum(bytes.AsSpan(8))), $"bit {bit}");
        }
    }

    [Fact]
    public void WriteEchoReply_AnyEcho_OracleReadsItAndItsChecksum() =>
        Gen.Select(Gen.UShort, Gen.UShort, Any.Payload).Sample((identifier, sequence, payload) =>
        {
            var bytes = new byte[8 + payload.Length];
            ulong sum = InternetChecksum.CopyAndSum(payload, bytes.AsSpan(8));
            IcmpPacket.WriteEchoReply(bytes, identifier, sequence, sum);

            var theirs = new Oracle.IcmpV4Packet(new ByteArraySegment(bytes));
            Assert.Equal(Oracle.IcmpV4TypeCode.EchoReply, theirs.TypeCode);
            Assert.Equal((identifier, sequence), (theirs.Id, theirs.Sequence));
            Assert.True(theirs.ValidIcmpChecksum);
        });

    [Fact]
    public void WriteDestinationUnreachable_AnyPayload_OracleReadsItAndItsChecksum() =>
        Gen.Select(Gen.UShort, Any.Payload).Sample((mtu, payload) =>
        {
            var bytes = new byte[8 + payload.Length];
            ulong sum = InternetChecksum.CopyAndSum(payload, bytes.AsSpan(8));
            IcmpPacket.WriteDestinationUnreachable(bytes, IcmpUnreachableCode.FragmentationNeeded, mtu, sum);

            var theirs = new Oracle.IcmpV4Packet(new ByteArraySegment(bytes));
            Assert.Equal(Oracle.IcmpV4TypeCode.UnreachableFragmentationNeeded, theirs.TypeCode);
            Assert.True(theirs.ValidIcmpChecksum);
        });

    [Fact]
    public void TryParse_WhatTheOracleBuilt_GivesItsFieldsAndChecksum() =>
        Gen.Select(Gen.UShort, Gen.UShort, Any.Payload).Sample((identifier, sequence, payload) =>
        {
            var theirs = new Oracle.IcmpV4Packet(new ByteArraySegment(new byte[8 + payload.Length]))
            {
                TypeCode = Oracle.IcmpV4TypeCode.EchoRequest,
                Id = identifier,
                Sequence = sequence,
                Data = payload,
            };
            theirs.UpdateIcmpChecksum();
            var bytes = theirs.Bytes;

            Assert.True(IcmpPacket.TryParse(bytes, bytes.Length, out var ours));
            Assert.Equal((IcmpType.EchoRequest, 0), (ours.Type, ours.Code));
            Assert.Equal((identifier, sequence, payload.Length), (ours.Identifier, ours.SequenceNumber, ours.PayloadLength));
            Assert.True(ours.VerifyChecksum(InternetChecksum.Sum(payload)));
        });
}
