using ZMemif.Control;

namespace ZMemif.Tests.Control;

public sealed class SecretTests
{
    [Theory]
    [InlineData("")]
    [InlineData("s3cret")]
    [InlineData("exactly-24-bytes-long-ok")]
    [InlineData("zwölf äüß")]
    public void Write_ThenRead_Matches(string text)
    {
        byte[] field = new byte[Secret.MaxBytes];
        Secret.FromText(text).Write(field);

        Assert.True(Secret.Read(field).Matches(Secret.FromText(text)));
    }

    [Theory]
    [InlineData("s3cret", "s3cre")]
    [InlineData("s3cret", "s3cret1")]
    [InlineData("s3cret", "")]
    [InlineData("", "s3cret")]
    [InlineData("s3cret", "S3CRET")]
    public void Matches_OtherSecret_IsFalse(string one, string other) =>
        Assert.False(Secret.FromText(one).Matches(Secret.FromText(other)));

    [Theory]
    [InlineData("exactly-24-bytes-long-ok!")]
    [InlineData("äääääääääääää")]
    [InlineData("zero\0inside")]
    public void FromText_ThatNoPeerCouldMatch_IsRefused(string text)
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => Secret.FromText(text));

        Assert.Contains("at most 24 bytes and no zero byte", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void IsEmpty_NoTextOrDefault_IsTrue()
    {
        Assert.True(default(Secret).IsEmpty);
        Assert.True(Secret.FromText(null).IsEmpty);
        Assert.True(Secret.Read(new byte[24]).IsEmpty);
        Assert.False(Secret.FromText("x").IsEmpty);
    }
}
