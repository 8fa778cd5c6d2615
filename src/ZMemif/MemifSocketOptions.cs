using System.Reflection;
using System.Runtime.InteropServices;

namespace ZMemif;

/// <summary>Options of a <see cref="MemifSocket"/>.</summary>
public sealed class MemifSocketOptions
{
    private static readonly TimeSpan s_longestTimeout = TimeSpan.FromMilliseconds(int.MaxValue);

    /// <summary>The name of this program, shown to peers; up to 31 bytes of UTF-8 are sent. Defaults to the entry assembly's name.</summary>
    public string ApplicationName { get; set; } = Assembly.GetEntryAssembly()?.GetName().Name ?? "zmemif";

    /// <summary>
    /// How long a peer may take from the connection to the link. Up to 24 days, defaults to 5 s; a peer that is slower is dropped.
    /// </summary>
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How many peers may be in the middle of a handshake at once, 1 or more; when another one comes, the oldest of the
    /// user who has the most of them is turned away. Defaults to 64. For servers.
    /// </summary>
    public int MaxPendingConnections { get; set; } = 64;

    /// <summary>
    /// The users whose processes may connect, as the kernel names them (SO_PEERCRED); null for everybody who may write to
    /// the socket. Defaults to null. An abstract socket has no permissions, so there this is the only guard. For clients, the
    /// users whose server is accepted: anybody may be the first to listen on an abstract name.
    /// </summary>
    public IReadOnlyCollection<uint>? AllowedUserIds { get; set; }

    /// <summary>Permissions of the socket file; to connect one needs write permission. Defaults to 0660. For servers.</summary>
    public UnixFileMode FileMode { get; set; } =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    /// <summary>The user who shall own the socket file; null leaves it to the process's. For servers.</summary>
    public uint? FileUserId { get; set; }

    /// <summary>The group that shall own the socket file; null leaves it to the process's. For servers.</summary>
    public uint? FileGroupId { get; set; }

    /// <summary>
    /// A listening SOCK_SEQPACKET socket that somebody else made (socket activation, say), to be used instead of binding
    /// the address. The <see cref="MemifSocket"/> takes it over; its file is left alone. For servers.
    /// </summary>
    public SafeHandle? Listener { get; set; }

    /// <exception cref="ArgumentException">An option is not usable; the message names it.</exception>
    internal MemifSocketOptions Validated()
    {
        if (string.IsNullOrEmpty(ApplicationName))
            throw new ArgumentException($"{nameof(ApplicationName)} must not be empty.");
        if (HandshakeTimeout <= TimeSpan.Zero || HandshakeTimeout > s_longestTimeout)
            throw new ArgumentException($"{nameof(HandshakeTimeout)} must be longer than zero and at most {s_longestTimeout}, not {HandshakeTimeout}.");
        if (MaxPendingConnections < 1)
            throw new ArgumentException($"{nameof(MaxPendingConnections)} must be at least 1, not {MaxPendingConnections}.");
        if (Listener is { IsInvalid: true } or { IsClosed: true })
            throw new ArgumentException($"{nameof(Listener)} is not an open socket.");
        var copy = (MemifSocketOptions)MemberwiseClone();
        copy.AllowedUserIds = AllowedUserIds is null ? null : [.. AllowedUserIds];
        return copy;
    }
}
