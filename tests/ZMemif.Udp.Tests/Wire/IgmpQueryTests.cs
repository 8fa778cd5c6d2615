using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Tests.Wire;

/// <summary>Membership queries of all versions (RFC 3376 §4.1, §7.1).</summary>
public sealed class IgmpQueryTests
{
    private static readonly byte[] s_query =
    [
        0x11, 0x8A, 0, 0, // query; code 8A is 26 × 2³ tenths of a second
        239, 1, 2, 3,
        0x0B, 125, 0, 2, // no router-side processing, robustness 3; two sources
        198, 51, 100, 1,
        198, 51, 100, 2,
    ];

    [Fact]
    public void Query_OfVersion3_IsReadInEachField()
    {
        Assert.True(IgmpQuery.TryParse(s_query, out IgmpQuery query));

        Assert.Equal((3, "239.1.2.3", 3, 2), (query.Version, query.Group.ToString(), query.Robustness, query.SourceCount));
        Assert.Equal(("198.51.100.1", "198.51.100.2"), (query.Source(0).ToString(), query.Source(1).ToString()));
        Assert.Equal(TimeSpan.FromSeconds(20.8), query.MaxResponseTime);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(127, 127)]
    [InlineData(0x80, 128)]
    [InlineData(0x8F, 248)]
    [InlineData(0x90, 256)]
    [InlineData(0xA5, 672)] // (16 + 5) × 2⁵
    [InlineData(0xF0, 16_384)]
    [InlineData(0xFF, 31_744)]
    public void MaxResponseTime_OfVersion3_IsAFloatingPointNumberFrom128On(byte code, int tenths)
    {
        Assert.True(IgmpQuery.TryParse([0x11, code, 0, 0, 0, 0, 0, 0, 2, 125, 0, 0], out IgmpQuery query));

        Assert.Equal(TimeSpan.FromMilliseconds(100 * tenths), query.MaxResponseTime);
    }

    [Theory]
    [InlineData(100, 2, "239.1.2.3", 100)]
    [InlineData(255, 2, "239.1.2.3", 255)] // no floating-point number
    [InlineData(0, 1, "0.0.0.0", 100)] // which leaves out the time, and does not look at the group
    public void Query_OfEightBytes_IsOlder(byte code, int version, string group, int tenths)
    {
        Assert.True(IgmpQuery.TryParse([0x11, code, 0, 0, 239, 1, 2, 3], out IgmpQuery query));

        Assert.Equal((version, group, 0, 0), (query.Version, query.Group.ToString(), query.Robustness, query.SourceCount));
        Assert.Equal(TimeSpan.FromMilliseconds(100 * tenths), query.MaxResponseTime);
    }

    [Fact]
    public void Query_CutAtEachByte_IsRefusedButWhereItIsAnOlderOne()
    {
        for (int length = 0; length < s_query.Length; length++)
            Assert.Equal(length == 8, IgmpQuery.TryParse(s_query.AsSpan(0, length), out _));
        Assert.True(IgmpQuery.TryParse([.. s_query, 0xEE], out _));
    }

    [Fact]
    public void Message_OfAnotherType_IsNoQuery() => Assert.False(IgmpQuery.TryParse([0x12, 0, 0, 0, 239, 1, 2, 3], out _));
}
