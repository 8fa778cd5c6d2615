using System.Net;
using CsCheck;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Tests.Wire;

public class Ipv4PrefixTests
{
    [Theory]
    [InlineData("192.0.2.2/24", "255.255.255.0", "192.0.2.0", "192.0.2.255")]
    [InlineData("10.1.2.3/8", "255.0.0.0", "10.0.0.0", "10.255.255.255")]
    [InlineData("10.1.2.3/30", "255.255.255.252", "10.1.2.0", "10.1.2.3")]
    [InlineData("10.1.2.3/31", "255.255.255.254", "10.1.2.2", null)]
    [InlineData("10.1.2.3/32", "255.255.255.255", "10.1.2.3", null)]
    [InlineData("10.1.2.3/0", "0.0.0.0", "0.0.0.0", "255.255.255.255")]
    public void Parse_AddressAndLength_GivesMaskNetworkAndBroadcast(string text, string mask, string network, string? broadcast)
    {
        var prefix = Ipv4Prefix.Parse(text);

        Assert.Equal(mask, prefix.Mask.ToString());
        Assert.Equal(network, prefix.Network.ToString());
        Assert.Equal(broadcast, prefix.DirectedBroadcast?.ToString());
        Assert.Equal(text, prefix.ToString());
    }

    [Fact]
    public void Contains_AnyAddress_AgreesWithTheFramework() =>
        Gen.Select(Any.Address, Gen.Int[0, 32], Any.Address, Gen.Int[0, 32]).Sample((address, length, other, shared) =>
        {
            // Two random addresses seldom share a network; give them the first bits in common.
            var near = new Ipv4Address((uint)(address.Value ^ ((ulong)other.Value >> shared)));
            var prefix = new Ipv4Prefix(address, length);
            var theirs = new IPNetwork(prefix.Network.ToIPAddress(), length);

            Assert.Equal(theirs.Contains(near.ToIPAddress()), prefix.Contains(near));
            Assert.True(prefix.Contains(address));
        });

    [Theory]
    [InlineData("")]
    [InlineData("192.0.2.2")]
    [InlineData("192.0.2.2/")]
    [InlineData("/24")]
    [InlineData("192.0.2.2/33")]
    [InlineData("192.0.2.2/256")]
    [InlineData("192.0.2.2/-1")]
    [InlineData("192.0.2.2/024")]
    [InlineData("192.0.2.2/24/24")]
    [InlineData("192.0.2.2/255.255.255.0")]
    [InlineData("192.0.2/24")]
    [InlineData("192.0.2.2 /24")]
    [InlineData("192.0.2.2/ 24")]
    public void TryParse_AnythingElse_IsRefused(string text)
    {
        Assert.False(Ipv4Prefix.TryParse(text, out var prefix));
        Assert.Equal(default, prefix);
    }

    [Fact]
    public void Parse_AnythingElse_ThrowsWithTheText()
    {
        var exception = Assert.Throws<FormatException>(() => Ipv4Prefix.Parse("192.0.2.2"));

        Assert.Contains("'192.0.2.2'", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(33)]
    public void Constructor_LengthOutOfRange_Throws(int length) =>
        Assert.Throws<ArgumentOutOfRangeException>(nameof(length), () => new Ipv4Prefix(Ipv4Address.Loopback, length));
}
