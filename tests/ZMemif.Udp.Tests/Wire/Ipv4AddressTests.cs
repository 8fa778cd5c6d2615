using System.Net;
using CsCheck;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Tests.Wire;

public class Ipv4AddressTests
{
    private static readonly byte[] Bytes = [192, 0, 2, 1];

    [Fact]
    public void Read_Literal_GivesItsValue() => Assert.Equal(new Ipv4Address(0xC000_0201), Ipv4Address.Read(Bytes));

    [Fact]
    public void Write_Literal_GivesItsBytesAndNoMore()
    {
        byte[] destination = [7, 7, 7, 7, 7];

        new Ipv4Address(0xC000_0201).Write(destination);

        Assert.Equal([.. Bytes, 7], destination);
    }

    [Fact]
    public void Read_EveryTruncation_Throws()
    {
        for (int length = 0; length < Ipv4Address.Length; length++)
            Assert.Throws<ArgumentOutOfRangeException>(() => Ipv4Address.Read(Bytes.AsSpan(0, length)));
    }

    [Fact]
    public void Conversions_AnyAddress_AgreeWithTheFramework() => Any.Address.Sample(address =>
    {
        var theirs = address.ToIPAddress();

        Assert.Equal(theirs.ToString(), address.ToString());
        Assert.Equal(address, Ipv4Address.FromIPAddress(theirs));
        Assert.Equal(address, Ipv4Address.Parse(theirs.ToString()));
    });

    [Fact]
    public void FromIPAddress_NotIpv4_Throws()
    {
        Assert.Throws<ArgumentException>("address", () => Ipv4Address.FromIPAddress(IPAddress.IPv6Loopback));
        Assert.Throws<ArgumentException>("address", () => Ipv4Address.FromIPAddress(IPAddress.Parse("::ffff:192.0.2.1")));
        Assert.Throws<ArgumentNullException>("address", () => Ipv4Address.FromIPAddress(null!));
    }

    [Theory]
    [InlineData("")]
    [InlineData("192.0.2")]
    [InlineData("192.0.2.1.")]
    [InlineData("192.0.2.1.5")]
    [InlineData("192.0.2.256")]
    [InlineData("192.0.2.-1")]
    [InlineData("192.0.2.+1")]
    [InlineData("192.0..1")]
    [InlineData("192.0.2.01")]
    [InlineData("192.0.2.0x1")]
    [InlineData(" 192.0.2.1")]
    [InlineData("192.0.2.1 ")]
    [InlineData("3221225985")]
    [InlineData("::1")]
    public void TryParse_NotADottedQuad_IsRefused(string text)
    {
        Assert.False(Ipv4Address.TryParse(text, out var address));
        Assert.Equal(Ipv4Address.Any, address);
    }

    [Fact]
    public void Parse_NotADottedQuad_ThrowsWithTheText()
    {
        var exception = Assert.Throws<FormatException>(() => Ipv4Address.Parse("nonsense"));

        Assert.Contains("nonsense", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.0.0.0", "any")]
    [InlineData("0.0.0.1", "")]
    [InlineData("126.255.255.255", "")]
    [InlineData("127.0.0.0", "loopback")]
    [InlineData("127.255.255.255", "loopback")]
    [InlineData("128.0.0.0", "")]
    [InlineData("223.255.255.255", "")]
    [InlineData("224.0.0.0", "multicast")]
    [InlineData("239.255.255.255", "multicast")]
    [InlineData("240.0.0.0", "")]
    [InlineData("255.255.255.254", "")]
    [InlineData("255.255.255.255", "broadcast")]
    public void Kind_AtTheEdgesOfEachBlock_IsOneOrNone(string text, string kind)
    {
        var address = Ipv4Address.Parse(text);

        Assert.Equal(kind == "any", address.IsAny);
        Assert.Equal(kind == "loopback", address.IsLoopback);
        Assert.Equal(kind == "multicast", address.IsMulticast);
        Assert.Equal(kind == "broadcast", address.IsBroadcast);
    }

    [Fact]
    public void WellKnown_Addresses_AreTheFrameworks()
    {
        Assert.Equal(IPAddress.Any, Ipv4Address.Any.ToIPAddress());
        Assert.Equal(IPAddress.Loopback, Ipv4Address.Loopback.ToIPAddress());
        Assert.Equal(IPAddress.Broadcast, Ipv4Address.Broadcast.ToIPAddress());
    }
}
