namespace ZMemif;

/// <summary>
/// A peer or the environment failed: the message is a sentence that names the thing and, where there is one, the cure.
/// A wrong call throws the usual argument and state exceptions instead.
/// </summary>
public sealed class MemifException : IOException
{
    /// <summary>Creates an exception without a specific code.</summary>
    public MemifException()
        : this(MemifErrorCode.Unknown, "The memif operation failed.")
    {
    }

    /// <summary>Creates an exception without a specific code.</summary>
    public MemifException(string message)
        : this(MemifErrorCode.Unknown, message)
    {
    }

    /// <summary>Creates an exception without a specific code.</summary>
    public MemifException(string message, Exception innerException)
        : this(MemifErrorCode.Unknown, message, innerException)
    {
    }

    /// <summary>Creates an exception with its code.</summary>
    public MemifException(MemifErrorCode code, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Code = code;
    }

    /// <summary>What went wrong, for programs; <see cref="Exception.Message"/> is for people.</summary>
    public MemifErrorCode Code { get; }
}
