namespace ZMemif.Udp.HostTests.Support;

/// <summary>What a program said and how it ended.</summary>
internal sealed record ToolResult(string Command, int ExitCode, string Output, string Error)
{
    /// <summary>The output, if the program ended well; otherwise the test fails with all that is known.</summary>
    internal string RequireSuccess()
    {
        Assert.True(ExitCode == 0, $"'{Command}' ended with {ExitCode}.\n{Output}\n{Error}");
        return Output;
    }
}
