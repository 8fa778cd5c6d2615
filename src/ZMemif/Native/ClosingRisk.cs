namespace ZMemif.Native;

/// <summary>Why the closing of a descriptor may block.</summary>
internal enum ClosingRisk
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>A peer passed it: it may be a socket that lingers, or a file of a file system of his own.</summary>
    Unknown,

    /// <summary>A channel: messages that lie in it unread may hold such descriptors.</summary>
    Channel,
}
