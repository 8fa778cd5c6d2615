using CsCheck;
using ZMemif.Udp.Wire;
using Oracle = PacketDotNet;

namespace ZMemif.Udp.Tests.Wire;

public class UdpPacketTests
{
    /// <summary>"hello" from 192.0.2.1:5000 to 192.0.2.2:7.</summary>
    private static readonly byte[] DatagramBytes =
        [0x13, 0x88, 0x00, 0x07, 0x00, 0x0D, 0x24, 0x6F, .. "hello"u8];

    private static readonly Ipv4Address Source = Ipv4Address.Parse("192.0.2.1");
    private static readonly Ipv4Address Destination = Ipv4Address.Parse("192.0.2.2");

    private static ReadOnlySpan<byte> Header => DatagramBytes.AsSpan(0, UdpPacket.HeaderLength);

    private static ReadOnlySpan<byte> Payload => DatagramBytes.AsSpan(UdpPacket.HeaderLength);

    [Fact]
    public void TryParse_Literal_GivesItsFields()
    {
        Assert.Equal(UdpError.None, UdpPacket.TryParse(Header, available: 13, out var packet));

        Assert.Equal((5000, 7), (packet.SourcePort, packet.DestinationPort));
        Assert.Equal((13, 5), (packet.Length, packet.PayloadLength));
        Assert.Equal(0x246F, packet.Checksum);
        Assert.True(packet.VerifyChecksum(Source, Destination, InternetChecksum.Sum(Payload)));
    }

    [Fact]
    public void WriteHeader_FieldsOfLiteral_GivesItsBytes()
    {
        var bytes = new byte[UdpPacket.HeaderLength + 1];
        ushort checksum = UdpPacket.ComputeChecksum(Source, Destination, 5000, 7, payloadLength: 5, InternetChecksum.Sum(Payload));

        UdpPacket.WriteHeader(bytes, 5000, 7, payloadLength: 5, checksum);

        Assert.Equal([.. Header, 0], bytes);
    }

    [Fact]
    public void TryParse_EveryTruncation_SaysWhatIsMissing()
    {
        for (int length = 0; length <= DatagramBytes.Length; length++)
        {
            var expected = length switch
            {
                < 8 => UdpError.TooShort,
                < 13 => UdpError.BadLength,
                _ => UdpError.None,
            };
            Assert.Equal(expected, UdpPacket.TryParse(DatagramBytes.AsSpan(0, length), length, out _));
        }
    }

    [Fact]
    public void TryParse_HeaderBytesBeyondAvailable_AreTooShort() =>
        Assert.Equal(UdpError.TooShort, UdpPacket.TryParse(DatagramBytes, available: 7, out _));

    [Fact]
    public void WriteHeader_EveryTruncation_ThrowsAndWritesNothing()
    {
        for (int length = 0; length < UdpPacket.HeaderLength; length++)
        {
            var bytes = new byte[length];
            Assert.Throws<ArgumentOutOfRangeException>(() => UdpPacket.WriteHeader(bytes, 5000, 7, 5, 0x246F));
            Assert.All(bytes, value => Assert.Equal(0, value));
        }
    }

    [Theory]
    [InlineData(0, nameof(UdpError.BadLength))]
    [InlineData(7, nameof(UdpError.BadLength))]
    [InlineData(8, nameof(UdpError.None))]
    [InlineData(12, nameof(UdpError.None))]
    [InlineData(14, nameof(UdpError.BadLength))]
    [InlineData(0xFFFF, nameof(UdpError.BadLength))]
    public void TryParse_LengthField_MustCoverHeaderAndExist(int length, string error)
    {
        var bytes = DatagramBytes.ToArray();
        (bytes[4], bytes[5]) = ((byte)(length >> 8), (byte)length);

        Assert.Equal(error, UdpPacket.TryParse(bytes, bytes.Length, out _).ToString());
    }

    [Fact]
    public void VerifyChecksum_NotComputedBySender_IsAccepted()
    {
        var bytes = new byte[UdpPacket.HeaderLength];
        UdpPacket.WriteHeader(bytes, 5000, 7, payloadLength: 5, checksum: 0);

        Assert.Equal(UdpError.None, UdpPacket.TryParse(bytes, available: 13, out var packet));
        Assert.True(packet.VerifyChecksum(Source, Destination, payloadSum: 12345));
    }

    [Fact]
    public void ComputeChecksum_ThatComesOutAsZero_IsSentAsOnes()
    {
        // The one 16-bit payload whose sum with this header is 0xFFFF.
        ReadOnlySpan<byte> payload = [0x68, 0x47];
        ulong payloadSum = InternetChecksum.Sum(payload);

        ushort checksum = UdpPacket.ComputeChecksum(Source, Destination, 5000, 7, payload.Length, payloadSum);

        Assert.Equal(0xFFFF, checksum);
        var bytes = new byte[UdpPacket.HeaderLength];
        UdpPacket.WriteHeader(bytes, 5000, 7, payload.Length, checksum);
        Assert.Equal(UdpError.None, UdpPacket.TryParse(bytes, available: 10, out var packet));
        Assert.True(packet.VerifyChecksum(Source, Destination, payloadSum));
    }

    [Fact]
    public void VerifyChecksum_AnyBitFlipped_IsRefused()
    {
        for (int bit = 0; bit < DatagramBytes.Length * 8; bit++)
        {
            var bytes = DatagramBytes.ToArray();
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            if (UdpPacket.TryParse(bytes, available: 0xFFFF, out var packet) != UdpError.None)
                continue;

            Assert.False(packet.VerifyChecksum(Source, Destination, InternetChecksum.Sum(bytes.AsSpan(8))), $"bit {bit}");
        }
    }

    [Fact]
    public void VerifyChecksum_AnotherDestination_IsRefused()
    {
        Assert.Equal(UdpError.None, UdpPacket.TryParse(Header, available: 13, out var packet));

        Assert.False(packet.VerifyChecksum(Source, Ipv4Address.Parse("192.0.2.3"), InternetChecksum.Sum(Payload)));
    }

    [Fact]
    public void WriteHeader_AnyDatagram_OracleReadsItAndItsChecksum() =>
        Gen.Select(Any.Address, Any.Address, Gen.UShort, Gen.UShort, Any.Payload).Sample((source, destination, sourcePort, destinationPort, payload) =>
        {
            var bytes = new byte[28 + payload.Length];
            Ipv4Packet.WriteHeader(bytes, new() { TotalLength = (ushort)bytes.Length, TimeToLive = 64, Protocol = IpProtocol.Udp, Source = source, Destination = destination });
            ulong sum = InternetChecksum.CopyAndSum(payload, bytes.AsSpan(28));
            ushort checksum = UdpPacket.ComputeChecksum(source, destination, sourcePort, destinationPort, payload.Length, sum);
            UdpPacket.WriteHeader(bytes.AsSpan(20), sourcePort, destinationPort, payload.Length, checksum);

            var theirs = new Oracle.IPv4Packet(new(bytes)).Extract<Oracle.UdpPacket>();
            Assert.Equal((sourcePort, destinationPort), (theirs.SourcePort, theirs.DestinationPort));
            Assert.Equal(8 + payload.Length, theirs.Length);
            Assert.Equal(payload, theirs.PayloadData ?? theirs.PayloadPacket?.Bytes ?? []); // at some ports the oracle knows more than UDP
            Assert.True(theirs.ValidUdpChecksum);
        });

    [Fact]
    public void TryParse_WhatTheOracleBuilt_GivesItsFieldsAndChecksum() =>
        Gen.Select(Any.Address, Any.Address, Gen.UShort, Gen.UShort, Any.Payload).Sample((source, destination, sourcePort, destinationPort, payload) =>
        {
            var theirs = new Oracle.UdpPacket(sourcePort, destinationPort) { PayloadData = payload };
            var carrier = new Oracle.IPv4Packet(source.ToIPAddress(), destination.ToIPAddress()) { PayloadPacket = theirs };
            carrier.UpdateCalculatedValues();
            theirs.UpdateUdpChecksum();
            var bytes = theirs.Bytes;

            Assert.Equal(UdpError.None, UdpPacket.TryParse(bytes, bytes.Length, out var ours));
            Assert.Equal((sourcePort, destinationPort, payload.Length), (ours.SourcePort, ours.DestinationPort, ours.PayloadLength));
            Assert.True(ours.VerifyChecksum(source, destination, InternetChecksum.Sum(payload)));
        });
}
