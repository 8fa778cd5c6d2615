namespace ZMemif;

/// <summary>What went wrong with a peer or with the environment.</summary>
public enum MemifErrorCode
{
    /// <summary>No more specific code fits; the message tells.</summary>
    Unknown = 0,

    /// <summary>There is no socket file at the path, or its directory does not exist.</summary>
    SocketNotFound,

    /// <summary>The path exists and is something else than a socket.</summary>
    NotASocket,

    /// <summary>The socket exists, but nobody listens on it.</summary>
    NobodyListens,

    /// <summary>The operating system does not let this process use the path.</summary>
    AccessDenied,

    /// <summary>Another process already listens on the address.</summary>
    AddressInUse,

    /// <summary>Somebody listens on the address who does not speak memif (another socket type).</summary>
    NotMemif,

    /// <summary>The peer speaks another version of the protocol.</summary>
    VersionMismatch,

    /// <summary>The interface id does not exist on the socket, or has the other role.</summary>
    UnknownId,

    /// <summary>Another peer is connected to this interface id.</summary>
    AlreadyConnected,

    /// <summary>The two ends are configured for different modes.</summary>
    ModeMismatch,

    /// <summary>The secret is missing or wrong.</summary>
    SecretMismatch,

    /// <summary>The peer ended the connection with a message.</summary>
    RefusedByPeer,

    /// <summary>The peer closed the control channel without a message.</summary>
    ClosedByPeer,

    /// <summary>The peer did not complete the handshake in time.</summary>
    HandshakeTimeout,

    /// <summary>The peer broke a rule of the control protocol.</summary>
    ProtocolViolation,

    /// <summary>The peer wrote something impossible into the shared memory.</summary>
    RingViolation,

    /// <summary>This end closed the connection.</summary>
    ClosedLocally,

    /// <summary>No link came up in the time given.</summary>
    ConnectTimeout,

    /// <summary>A system call failed; the message names it and the reason.</summary>
    SystemError,
}
