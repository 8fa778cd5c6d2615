using System.Data.Common;
using System.Text;
using CsCheck;

namespace ZMemif.Udp.Tests;

/// <summary>The grammar, judged by the framework's own connection string reader and writer.</summary>
public sealed class MemifConnectionStringTextTests
{
    private static readonly Gen<string> AnyValue =
        Gen.Char["aB1 /@é=;'\"\t\n{}"].Array[1, 12].Select(letters => new string(letters));

    /// <summary>The framework does not quote a line feed at the end, and so loses it when it reads its own text.</summary>
    private static readonly Gen<string> ValueTheFrameworkCanWrite = AnyValue.Where(value => !value.EndsWith('\n'));

    [Theory]
    [InlineData("A=x;B=y", "A:x|B:y")]
    [InlineData("A=\"x;y\"", "A:x;y")]
    [InlineData("A='x;y' ; B=z", "A:x;y|B:z")]
    [InlineData("A=\"say \"\"hi\"\"\"", "A:say \"hi\"")]
    [InlineData("A='it''s'", "A:it's")]
    [InlineData("A=\" x \"", "A: x ")]
    [InlineData("A=x=y", "A:x=y")]
    [InlineData("A=it's", "A:it's")]
    [InlineData("A=", "A:")]
    [InlineData("A=\"\"", "A:")]
    [InlineData(" ; ", "")]
    public void Split_PairsAndQuotes_AreTakenApart(string text, string pairs) =>
        Assert.Equal(pairs, string.Join('|', MemifConnectionStringText.Split(text).Select(pair => $"{pair.Key}:{pair.Value}")));

    [Theory]
    [InlineData("Secret=hu;sh", "after Secret is not Key=Value")]
    [InlineData("Secret=hu;=sh", "after Secret is not Key=Value")]
    [InlineData("/run/hush.sock", "after the beginning is not Key=Value")]
    [InlineData("Secret=\"hush", "Secret has no closing \"")]
    [InlineData("Secret='hush", "Secret has no closing '")]
    [InlineData("Secret=\"hu\"sh", "Secret goes on after its closing \"")]
    public void Split_Malformed_NamesTheKeyAndShowsNoValue(string text, string message)
    {
        ArgumentException refusal = Assert.Throws<ArgumentException>(
            "connectionString", () => MemifConnectionStringText.Split(text).Count());

        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("sh", refusal.Message.Replace("Secret", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void Append_AnyValue_IsReadBackByTheFrameworkAndByUs() => AnyValue.Select(AnyValue).Sample((first, second) =>
    {
        var text = new StringBuilder();
        MemifConnectionStringText.Append(text, "First", first);
        MemifConnectionStringText.Append(text, "Second", second);

        var judge = new DbConnectionStringBuilder { ConnectionString = text.ToString() };
        Assert.Equal(first, judge["First"]);
        Assert.Equal(second, judge["Second"]);
        Assert.Equal([("First", first), ("Second", second)], MemifConnectionStringText.Split(text.ToString()));
    });

    [Fact]
    public void Split_WhatTheFrameworkWrote_GivesTheSameValues() => ValueTheFrameworkCanWrite.Select(ValueTheFrameworkCanWrite)
        .Sample((first, second) =>
        {
            var writer = new DbConnectionStringBuilder { ["First"] = first, ["Second"] = second };

            Assert.Equal([("First", first), ("Second", second)], MemifConnectionStringText.Split(writer.ConnectionString));
        });
}
