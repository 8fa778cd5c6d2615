namespace ZMemif;

/// <summary>What is used where nothing else is said, and the protocol's version.</summary>
public static class MemifDefaults
{
    /// <summary>A usual address of a control socket.</summary>
    public const string SocketPath = "/tmp/memif.sock";

    /// <summary>Queues per direction.</summary>
    public const int Queues = 1;

    /// <summary>Slots per ring, as a power of two.</summary>
    public const int Log2RingSize = 10;

    /// <summary>Slots per ring.</summary>
    public const int RingSize = 1 << Log2RingSize;

    /// <summary>Bytes per packet buffer.</summary>
    public const int BufferSize = 2048;

    /// <summary>The protocol's major version.</summary>
    public const int VersionMajor = 2;

    /// <summary>The protocol's minor version.</summary>
    public const int VersionMinor = 0;

    /// <summary>The version as it travels in HELLO and INIT.</summary>
    public const int Version = (VersionMajor << 8) | VersionMinor;
}
