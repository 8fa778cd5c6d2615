using ZMemif.Native;

namespace ZMemif.Tests.Native;

public sealed class UnixAddressTests
{
    [Fact]
    public void Parse_Path_EndsWithAZero() => Assert.Equal(
        [1, 0, (byte)'/', (byte)'a', 0], UnixAddress.Parse("/a").Bytes);

    [Fact]
    public void Parse_AbstractName_BeginsWithAZeroAndHasNoOther() => Assert.Equal(
        [1, 0, 0, (byte)'a', (byte)'b'], UnixAddress.Parse("@ab").Bytes);

    [Theory]
    [InlineData("", 107)]
    [InlineData("@", 107)]
    public void Parse_LongestName_FillsTheAddress(string prefix, int length) =>
        Assert.Equal(110, UnixAddress.Parse(prefix + new string('n', length)).Bytes.Length);

    [Theory]
    [InlineData("", 108)]
    [InlineData("@", 108)]
    [InlineData("@", 0)]
    [InlineData("zero\0", 1)]
    public void Parse_NameThatNoAddressHolds_IsRefused(string prefix, int length)
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => UnixAddress.Parse(prefix + new string('n', length)));

        Assert.Contains("has 1 to 107 bytes and no zero byte", e.Message, StringComparison.Ordinal);
    }
}
