using System.Net.NetworkInformation;

namespace ZMemif.Udp;

/// <summary>Another station on the link claims the interface's own address (RFC 5227 section 2.4).</summary>
public sealed class MemifAddressConflictEventArgs : EventArgs
{
    internal MemifAddressConflictEventArgs(PhysicalAddress station) => Station = station;

    /// <summary>The station that claims it.</summary>
    public PhysicalAddress Station { get; }
}
