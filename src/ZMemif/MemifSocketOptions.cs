namespace ZMemif;

/// <summary>Options of a <see cref="MemifSocket"/>.</summary>
public sealed class MemifSocketOptions
{
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromMilliseconds(int.MaxValue);

    /// <summary>The name of this program, shown to peers; up to 31 bytes of UTF-8 are sent. Defaults to the process's name.</summary>
    public string ApplicationName { get; set; } = Path.GetFileNameWithoutExtension(Environment.ProcessPath) ?? "zmemif";

    /// <summary>
    /// How long a peer may take from the connection to the link. Up to 24 days, defaults to 5 s; a peer that is slower is dropped.
    /// </summary>
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(5);

    internal MemifSocketOptions Validated()
    {
        if (string.IsNullOrEmpty(ApplicationName))
            throw new ArgumentException($"{nameof(ApplicationName)} must not be empty.");
        if (HandshakeTimeout <= TimeSpan.Zero || HandshakeTimeout > LongestTimeout)
            throw new ArgumentException($"{nameof(HandshakeTimeout)} must be longer than zero and at most {LongestTimeout}, not {HandshakeTimeout}.");
        return new MemifSocketOptions { ApplicationName = ApplicationName, HandshakeTimeout = HandshakeTimeout };
    }
}
