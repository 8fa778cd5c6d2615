using System.Net.NetworkInformation;
using CsCheck;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Tests.Wire;

public class MacAddressTests
{
    private static readonly byte[] Bytes = [0x02, 0xAB, 0x00, 0x0C, 0xDE, 0xF1];

    [Fact]
    public void Read_Literal_GivesItsValue() => Assert.Equal(new MacAddress(0x02AB_000C_DEF1), MacAddress.Read(Bytes));

    [Fact]
    public void Write_Literal_GivesItsBytesAndNoMore()
    {
        byte[] destination = [1, 1, 1, 1, 1, 1, 1, 1];

        new MacAddress(0x02AB_000C_DEF1).Write(destination);

        Assert.Equal([.. Bytes, 1, 1], destination);
    }

    [Fact]
    public void Read_EveryTruncation_Throws()
    {
        for (int length = 0; length < MacAddress.Length; length++)
            Assert.Throws<ArgumentOutOfRangeException>(() => MacAddress.Read(Bytes.AsSpan(0, length)));
    }

    [Fact]
    public void Write_TooShort_ThrowsAndWritesNothing()
    {
        for (int length = 0; length < MacAddress.Length; length++)
        {
            var destination = new byte[length];
            Assert.Throws<ArgumentOutOfRangeException>(() => MacAddress.Broadcast.Write(destination));
            Assert.All(destination, value => Assert.Equal(0, value));
        }
    }

    [Fact]
    public void Constructor_MoreThan48Bits_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new MacAddress(0x1_0000_0000_0000));

    [Theory]
    [InlineData("02:ab:00:0c:de:f1")]
    [InlineData("02-AB-00-0C-DE-F1")]
    [InlineData("02:Ab:00:0C:dE:f1")]
    public void Parse_AnyUsualSpelling_GivesTheSameAddress(string text) => Assert.Equal(MacAddress.Read(Bytes), MacAddress.Parse(text));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("02:ab:00:0c:de")]
    [InlineData("02:ab:00:0c:de:f1:")]
    [InlineData("02:ab:00:0c:de:f1:00")]
    [InlineData("02:ab:00-0c:de:f1")]
    [InlineData("02.ab.00.0c.de.f1")]
    [InlineData("0x:ab:00:0c:de:f1")]
    [InlineData(" 2:ab:00:0c:de:f1")]
    [InlineData("02:ab:00:0c:de:g1")]
    [InlineData("02ab000cdef1")]
    public void TryParse_AnythingElse_IsRefused(string? text)
    {
        Assert.False(MacAddress.TryParse(text, out var address));
        Assert.Equal(MacAddress.Zero, address);
    }

    [Fact]
    public void Parse_AnythingElse_ThrowsWithTheText()
    {
        var exception = Assert.Throws<FormatException>(() => MacAddress.Parse("nonsense"));

        Assert.Contains("nonsense", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ToString_AnyAddress_ParsesBack() => Any.Mac.Sample(mac => MacAddress.Parse(mac.ToString()) == mac);

    [Fact]
    public void ToString_AnyAddress_AgreesWithTheFramework() => Any.Mac.Sample(mac =>
    {
        var bytes = new byte[MacAddress.Length];
        mac.Write(bytes);
        return PhysicalAddress.Parse(mac.ToString()).Equals(new PhysicalAddress(bytes));
    });

    [Fact]
    public void ToString_Broadcast_IsLowerCaseWithColons() => Assert.Equal("ff:ff:ff:ff:ff:ff", MacAddress.Broadcast.ToString());

    [Theory]
    [InlineData("ff:ff:ff:ff:ff:ff", true, true)]
    [InlineData("01:00:5e:00:00:01", true, false)]
    [InlineData("03:00:00:00:00:00", true, false)]
    [InlineData("02:ff:ff:ff:ff:ff", false, false)]
    [InlineData("00:00:00:00:00:00", false, false)]
    public void Kind_OfAddress_FollowsTheGroupBit(string text, bool multicast, bool broadcast)
    {
        var address = MacAddress.Parse(text);

        Assert.Equal((multicast, broadcast), (address.IsMulticast, address.IsBroadcast));
    }

    [Theory]
    [InlineData("224.0.0.1", "01:00:5e:00:00:01")]
    [InlineData("239.255.255.250", "01:00:5e:7f:ff:fa")]
    [InlineData("225.128.2.3", "01:00:5e:00:02:03")]
    public void ForMulticast_Group_KeepsItsLow23Bits(string group, string mac) =>
        Assert.Equal(MacAddress.Parse(mac), MacAddress.ForMulticast(Ipv4Address.Parse(group)));
}
