using Microsoft.Extensions.Time.Testing;
using ZMemif.Udp.Stack;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Tests.Stack;

public sealed class PathMtuCacheTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly PathMtuCache _paths;

    public PathMtuCacheTests() => _paths = new PathMtuCache(1500, _time);

    [Fact]
    public void For_DestinationThatNobodySpokeOf_IsTheLinks() =>
        Assert.Equal(new PathMtu(1500, IsFloor: false), _paths.For(Net.Outside));

    [Theory]
    [InlineData(1400, 1400, false)]
    [InlineData(552, 552, false)]
    [InlineData(551, 552, true)]
    [InlineData(68, 552, true)]
    [InlineData(1, 552, true)]
    [InlineData(1500, 1500, false)]
    [InlineData(9000, 1500, false)]
    public void Lower_ToAnyValue_StaysBetweenTheFloorAndTheLink(int told, int expected, bool isFloor)
    {
        _paths.Lower(Net.Outside, told, 1500);

        Assert.Equal(new PathMtu(expected, isFloor), _paths.For(Net.Outside));
        Assert.Equal(1500, _paths.For(Net.Neighbor).Bytes);
    }

    [Theory]
    [InlineData(1001)]
    [InlineData(1000)]
    public void Lower_NotLower_ChangesNothingAndProlongsNothing(int told)
    {
        _paths.Lower(Net.Outside, 1000, 1500);
        _time.Advance(TimeSpan.FromMinutes(5));
        _paths.Lower(Net.Outside, told, 1500);

        Assert.Equal(1000, _paths.For(Net.Outside).Bytes);
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(1500, _paths.For(Net.Outside).Bytes);
    }

    [Theory]
    [InlineData(1500, 1492)]
    [InlineData(1492, 1006)]
    [InlineData(1006, 552)]
    [InlineData(600, 552)]
    public void Lower_RouterThatTellsNothing_GoesToTheNextPlateau(int packetLength, int expected)
    {
        // RFC 1191 §7.1.
        _paths.Lower(Net.Outside, 0, packetLength);

        Assert.Equal(expected, _paths.For(Net.Outside).Bytes);
    }

    [Fact]
    public void For_AfterTenMinutes_IsTheLinksAgain()
    {
        _paths.Lower(Net.Outside, 1000, 1500);
        _time.Advance(PathMtuCache.Lifetime - TimeSpan.FromSeconds(1));
        Assert.Equal(1000, _paths.For(Net.Outside).Bytes);

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1500, _paths.For(Net.Outside).Bytes);
        _paths.Lower(Net.Outside, 1400, 1500);
        Assert.Equal(1400, _paths.For(Net.Outside).Bytes);
    }

    [Fact]
    public void Lower_LinkBelowTheFloor_KeepsToTheLink()
    {
        var narrow = new PathMtuCache(300, _time);

        narrow.Lower(Net.Outside, 100, 300);

        Assert.Equal(new PathMtu(300, IsFloor: true), narrow.For(Net.Outside));
    }

    [Fact]
    public void Lower_MoreDestinationsThanAreKept_TheOldestGoes()
    {
        for (uint i = 0; i <= PathMtuCache.Capacity; i++)
        {
            _paths.Lower(new Ipv4Address(i + 1), 1000, 1500);
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(PathMtuCache.Capacity, _paths.Count);
        Assert.Equal((1500, 1000), (_paths.For(new Ipv4Address(1)).Bytes, _paths.For(new Ipv4Address(2)).Bytes));
    }
}
