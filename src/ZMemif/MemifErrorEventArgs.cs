namespace ZMemif;

/// <summary>Something that went wrong with a peer.</summary>
/// <param name="port">The port it happened to; null when the peer had not said which one it wants.</param>
/// <param name="error">What happened.</param>
/// <param name="isWarning">Whether the connection goes on all the same.</param>
public sealed class MemifErrorEventArgs(MemifPort? port, MemifException error, bool isWarning) : EventArgs
{
    /// <summary>The port it happened to; null when the peer had not said which one it wants.</summary>
    public MemifPort? Port => port;

    /// <summary>What happened.</summary>
    public MemifException Error => error;

    /// <summary>Whether the connection goes on all the same.</summary>
    public bool IsWarning => isWarning;
}
