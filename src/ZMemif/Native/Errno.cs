namespace ZMemif.Native;

/// <summary>The Linux error numbers that this library tells apart (asm-generic/errno.h).</summary>
internal static class Errno
{
    internal const int ENOENT = 2;
    internal const int EINTR = 4;
    internal const int EAGAIN = 11;
    internal const int EACCES = 13;
    internal const int ENOTDIR = 20;
    internal const int EPIPE = 32;
    internal const int EPROTOTYPE = 91;
    internal const int EOPNOTSUPP = 95;
    internal const int EADDRINUSE = 98;
    internal const int ECONNABORTED = 103;
    internal const int ECONNRESET = 104;
    internal const int ECONNREFUSED = 111;

    /// <summary>Turns the result of a <see cref="Libc"/> call into an exception when it is an error.</summary>
    internal static int Check(int result, string what)
    {
        if (result < 0)
            Throw(result, what);
        return result;
    }

    [System.Diagnostics.CodeAnalysis.DoesNotReturn]
    internal static void Throw(long result, string what) =>
        throw new MemifException(MemifErrorCode.SystemError, $"{what} failed: {Describe(result)}.");

    /// <summary>The system's words for a negative result.</summary>
    internal static string Describe(long result) =>
        System.Runtime.InteropServices.Marshal.GetPInvokeErrorMessage((int)-result);
}
