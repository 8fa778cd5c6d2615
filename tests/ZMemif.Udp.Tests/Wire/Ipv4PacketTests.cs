using CsCheck;
using ZMemif.Udp.Wire;
using Oracle = PacketDotNet;

namespace ZMemif.Udp.Tests.Wire;

public class Ipv4PacketTests
{
    /// <summary>The header of a UDP datagram with 5 bytes of payload, from 192.0.2.1 to 192.0.2.2.</summary>
    private static readonly byte[] HeaderBytes =
    [
        0x45, 0xB8, 0x00, 0x21, 0x12, 0x34, 0x40, 0x00,
        0x40, 0x11, 0xA3, 0xDC, 192, 0, 2, 1, 192, 0, 2, 2,
    ];

    /// <summary>A middle fragment of an IGMP message to 224.0.0.1, with the router alert option (RFC 2113) and 8 bytes of payload.</summary>
    private static readonly byte[] FragmentBytes =
    [
        0x46, 0x00, 0x00, 0x20, 0xBE, 0xEF, 0x20, 0xB9,
        0x01, 0x02, 0xA3, 0x2C, 192, 0, 2, 1, 224, 0, 0, 1,
        0x94, 0x04, 0x00, 0x00,
    ];

    private static readonly Ipv4HeaderFields HeaderFields = new()
    {
        TotalLength = 33,
        TypeOfService = 0xB8,
        Identification = 0x1234,
        DontFragment = true,
        TimeToLive = 64,
        Protocol = IpProtocol.Udp,
        Source = Ipv4Address.Parse("192.0.2.1"),
        Destination = Ipv4Address.Parse("192.0.2.2"),
    };

    private static readonly Gen<Ipv4HeaderFields> AnyFields =
        Gen.Select(
            Gen.Select(Gen.UShort[20, 1500], Gen.UShort, Gen.Bool, Gen.Bool),
            Gen.Select(Gen.Int[0, 8191], Gen.Byte, Gen.Byte, Gen.Byte),
            Gen.Select(Any.Address, Any.Address),
            (lengthAndFlags, rest, addresses) => new Ipv4HeaderFields
            {
                TotalLength = lengthAndFlags.Item1,
                Identification = lengthAndFlags.Item2,
                DontFragment = lengthAndFlags.Item3,
                MoreFragments = lengthAndFlags.Item4,
                FragmentOffset = rest.Item1 * 8,
                TimeToLive = rest.Item2,
                TypeOfService = rest.Item3,
                Protocol = (IpProtocol)rest.Item4,
                Source = addresses.Item1,
                Destination = addresses.Item2,
            });

    [Fact]
    public void TryParse_Literal_GivesItsFields()
    {
        Assert.Equal(Ipv4Error.None, Ipv4Packet.TryParse(HeaderBytes, available: 33, out var packet));

        Assert.Equal(HeaderFields, FieldsOf(packet));
        Assert.Equal((20, 13), (packet.HeaderLength, packet.PayloadLength));
        Assert.False(packet.IsFragment);
        Assert.True(packet.Options.IsEmpty);
    }

    [Fact]
    public void TryParse_FragmentWithOptions_GivesItsFields()
    {
        Assert.Equal(Ipv4Error.None, Ipv4Packet.TryParse([.. FragmentBytes, .. new byte[40]], available: 46, out var packet));

        Assert.Equal((24, 32, 8), (packet.HeaderLength, packet.TotalLength, packet.PayloadLength));
        Assert.True(packet.IsFragment);
        Assert.True(packet.MoreFragments);
        Assert.False(packet.DontFragment);
        Assert.Equal(1480, packet.FragmentOffset);
        Assert.Equal(IpProtocol.Igmp, packet.Protocol);
        Assert.Equal([0x94, 0x04, 0x00, 0x00], packet.Options.ToArray());
    }

    [Theory]
    [InlineData(false, 0, false)]
    [InlineData(true, 0, true)]
    [InlineData(true, 8, true)]
    [InlineData(false, 8, true)]
    public void IsFragment_FirstMiddleOrLast_IsTrue(bool more, int offset, bool expected)
    {
        var bytes = new byte[Ipv4Packet.MinHeaderLength];
        Ipv4Packet.WriteHeader(bytes, HeaderFields with { TotalLength = 20, MoreFragments = more, FragmentOffset = offset });

        Assert.Equal(Ipv4Error.None, Ipv4Packet.TryParse(bytes, bytes.Length, out var packet));
        Assert.Equal(expected, packet.IsFragment);
    }

    [Fact]
    public void WriteHeader_FieldsOfLiteral_GivesItsBytes()
    {
        var bytes = new byte[Ipv4Packet.MinHeaderLength + 1];

        Ipv4Packet.WriteHeader(bytes, HeaderFields);

        Assert.Equal([.. HeaderBytes, 0], bytes);
    }

    [Fact]
    public void WriteHeader_EveryTruncation_ThrowsAndWritesNothing()
    {
        for (int length = 0; length < Ipv4Packet.MinHeaderLength; length++)
        {
            var bytes = new byte[length];
            Assert.Throws<ArgumentOutOfRangeException>(() => Ipv4Packet.WriteHeader(bytes, HeaderFields));
            Assert.All(bytes, value => Assert.Equal(0, value));
        }
    }

    [Fact]
    public void TryParse_EveryTruncation_SaysWhatIsMissing()
    {
        byte[] whole = [.. FragmentBytes, .. new byte[8]];
        for (int length = 0; length <= whole.Length; length++)
        {
            var expected = length switch
            {
                < 20 => Ipv4Error.TooShort,
                < 32 => Ipv4Error.Truncated,
                _ => Ipv4Error.None,
            };
            Assert.Equal(expected, Ipv4Packet.TryParse(whole.AsSpan(0, length), length, out _));
        }
    }

    [Fact]
    public void TryParse_BytesBeyondAvailable_AreNotHeader()
    {
        Assert.Equal(Ipv4Error.TooShort, Ipv4Packet.TryParse(FragmentBytes, available: 19, out _));
        Assert.Equal(Ipv4Error.Truncated, Ipv4Packet.TryParse(FragmentBytes, available: 23, out _));
    }

    [Theory]
    [InlineData(0, 0x65, nameof(Ipv4Error.BadVersion))]
    [InlineData(0, 0x44, nameof(Ipv4Error.BadHeaderLength))]
    [InlineData(0, 0x40, nameof(Ipv4Error.BadHeaderLength))]
    [InlineData(0, 0x46, nameof(Ipv4Error.Truncated))]
    [InlineData(3, 0x00, nameof(Ipv4Error.BadTotalLength))]
    [InlineData(3, 0x13, nameof(Ipv4Error.BadTotalLength))]
    [InlineData(3, 0x22, nameof(Ipv4Error.Truncated))]
    [InlineData(2, 0xFF, nameof(Ipv4Error.Truncated))]
    [InlineData(3, 0x20, nameof(Ipv4Error.BadChecksum))]
    [InlineData(10, 0xA4, nameof(Ipv4Error.BadChecksum))]
    public void TryParse_OneByteWrong_SaysWhich(int offset, byte value, string error)
    {
        var bytes = HeaderBytes.ToArray();
        bytes[offset] = value;

        Assert.Equal(error, Ipv4Packet.TryParse(bytes, available: 33, out _).ToString());
    }

    [Fact]
    public void TryParse_AnyBitFlipped_IsRefused()
    {
        for (int bit = 0; bit < HeaderBytes.Length * 8; bit++)
        {
            var bytes = HeaderBytes.ToArray();
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(Ipv4Error.None, Ipv4Packet.TryParse(bytes, available: 33, out _));
        }
    }

    [Fact]
    public void TryParse_AnyBytes_NeverClaimsMoreThanThereIs() =>
        Gen.Select(Gen.Byte.Array[20, 100], Gen.Byte[0x45, 0x4F], Gen.UShort[0, 200], Gen.Int[0, 200]).Sample((bytes, first, total, available) =>
        {
            bytes[0] = first;
            (bytes[2], bytes[3]) = ((byte)(total >> 8), (byte)total);
            RepairChecksum(bytes);

            if (Ipv4Packet.TryParse(bytes, available, out var packet) != Ipv4Error.None)
                return;

            Assert.InRange(packet.HeaderLength, 20, Math.Min(bytes.Length, available));
            Assert.InRange(packet.TotalLength, packet.HeaderLength, available);
            Assert.Equal(packet.HeaderLength - 20, packet.Options.Length);
        });

    [Fact]
    public void WriteHeader_AnyFields_ParsesBackAndOracleAgrees() => AnyFields.Sample(fields =>
    {
        var bytes = new byte[fields.TotalLength];
        Ipv4Packet.WriteHeader(bytes, fields);

        Assert.Equal(Ipv4Error.None, Ipv4Packet.TryParse(bytes, bytes.Length, out var ours));
        Assert.Equal(fields, FieldsOf(ours));

        var theirs = new Oracle.IPv4Packet(new(bytes));
        Assert.True(theirs.ValidIPChecksum);
        Assert.Equal(fields.TotalLength, theirs.TotalLength);
        Assert.Equal(fields.Identification, theirs.Id);
        Assert.Equal((fields.DontFragment ? 2 : 0) | (fields.MoreFragments ? 1 : 0), theirs.FragmentFlags);
        Assert.Equal(fields.FragmentOffset, theirs.FragmentOffset * 8);
        Assert.Equal(fields.TimeToLive, theirs.TimeToLive);
        Assert.Equal(fields.TypeOfService, theirs.TypeOfService);
        Assert.Equal((byte)fields.Protocol, (byte)theirs.Protocol);
        Assert.Equal(fields.Source.ToIPAddress(), theirs.SourceAddress);
        Assert.Equal(fields.Destination.ToIPAddress(), theirs.DestinationAddress);
    });

    [Fact]
    public void TryParse_WhatTheOracleBuilt_GivesItsFields() => AnyFields.Sample(fields =>
    {
        var theirs = new Oracle.IPv4Packet(fields.Source.ToIPAddress(), fields.Destination.ToIPAddress())
        {
            Id = fields.Identification,
            FragmentFlags = (ushort)((fields.DontFragment ? 2 : 0) | (fields.MoreFragments ? 1 : 0)),
            FragmentOffset = (ushort)(fields.FragmentOffset / 8),
            TimeToLive = fields.TimeToLive,
            TypeOfService = fields.TypeOfService,
            Protocol = (Oracle.ProtocolType)fields.Protocol,
            PayloadData = new byte[fields.TotalLength - 20],
        };
        theirs.UpdateCalculatedValues();
        theirs.UpdateIPChecksum();
        var bytes = theirs.Bytes;

        Assert.Equal(Ipv4Error.None, Ipv4Packet.TryParse(bytes, bytes.Length, out var ours));
        Assert.Equal(fields, FieldsOf(ours));
    });

    private static Ipv4HeaderFields FieldsOf(Ipv4Packet packet) => new()
    {
        TotalLength = (ushort)packet.TotalLength,
        Identification = packet.Identification,
        DontFragment = packet.DontFragment,
        MoreFragments = packet.MoreFragments,
        FragmentOffset = packet.FragmentOffset,
        TimeToLive = packet.TimeToLive,
        TypeOfService = packet.TypeOfService,
        Protocol = packet.Protocol,
        Source = packet.Source,
        Destination = packet.Destination,
    };

    private static void RepairChecksum(byte[] bytes)
    {
        (bytes[10], bytes[11]) = (0, 0);
        int headerLength = Math.Min((bytes[0] & 0xF) * 4, bytes.Length);
        int checksum = ~ScalarChecksum.Sum(bytes.AsSpan(0, headerLength));
        (bytes[10], bytes[11]) = ((byte)(checksum >> 8), (byte)checksum);
    }
}
