namespace ZMemif;

/// <summary>Which end of a memif connection a port is. One peer must be the server, the other the client.</summary>
public enum MemifRole
{
    /// <summary>Connects, allocates the shared memory and hands it to the server. (The protocol's "slave".)</summary>
    Client = 0,

    /// <summary>Listens, and maps the memory that a client hands it. (The protocol's "master".)</summary>
    Server = 1,
}
