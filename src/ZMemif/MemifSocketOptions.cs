namespace ZMemif;

/// <summary>Options of a <see cref="MemifSocket"/>.</summary>
public sealed class MemifSocketOptions
{
    /// <summary>The name of this program, shown to peers; up to 31 bytes of UTF-8 are sent. Defaults to the process's name.</summary>
    public string ApplicationName { get; set; } = Path.GetFileNameWithoutExtension(Environment.ProcessPath) ?? "zmemif";

    /// <summary>
    /// How long a peer may take from the connection to the link. Defaults to 5 s; a peer that is slower is dropped.
    /// </summary>
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(5);

    internal MemifSocketOptions Validated()
    {
        if (string.IsNullOrEmpty(ApplicationName))
            throw new ArgumentException($"{nameof(ApplicationName)} must not be empty.");
        if (HandshakeTimeout <= TimeSpan.Zero)
            throw new ArgumentException($"{nameof(HandshakeTimeout)} must be longer than zero, not {HandshakeTimeout}.");
        return new MemifSocketOptions { ApplicationName = ApplicationName, HandshakeTimeout = HandshakeTimeout };
    }
}
