namespace ZMemif.Tests.Peers;

/// <summary>Numbers of system calls, on x86-64 and on ARM64.</summary>
internal static class SystemCalls
{
    internal static readonly (int X64, int Arm64) Write = (1, 64);

    internal static readonly (int X64, int Arm64) Poll = (7, 73);
}
