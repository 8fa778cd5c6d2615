namespace ZMemif;

/// <summary>Which side of a memif connection a port plays.</summary>
public enum MemifRole
{
    /// <summary>Connects to the control socket, and provides the shared memory.</summary>
    Client = 0,

    /// <summary>Listens on the control socket, and maps the memory its clients provide.</summary>
    Server = 1,
}
