using System.Diagnostics;

namespace ZMemif.Udp.Differential;

/// <summary>Everything that the probes need from their surroundings: the part that differs between the two halves.</summary>
/// <remarks>Addresses in 127/8 need no host: both halves deliver them between the sockets of one process.</remarks>
internal abstract class ProbeHost
{
    /// <summary>The source of the counters that the sockets publish.</summary>
    public abstract string EventSourceName { get; }

    /// <summary>An address of this host about which <see cref="InjectIcmp"/> can tell.</summary>
    public abstract IPAddress OwnAddress { get; }

    /// <summary>The address of the interface of <see cref="Condition.SecondInterface"/>.</summary>
    public abstract IPAddress SecondAddress { get; }

    /// <summary>The index of the interface of <see cref="Condition.SecondInterface"/>.</summary>
    public abstract int SecondIndex { get; }

    /// <summary>Whether what costs less than was measured is as good.</summary>
    public virtual bool MayCostLess => false;

    /// <summary>Why nothing can be measured here, or null.</summary>
    public abstract string? Obstacle { get; }

    /// <summary>How to start <paramref name="command"/> so that it meets <paramref name="condition"/>.</summary>
    public abstract ProcessStartInfo Launch(Condition condition, IReadOnlyList<string> command);

    /// <summary>Where a probe's datagrams have to go to meet the condition; null when any address of this host does. Called before they are sent.</summary>
    public virtual IPEndPoint? FarSink() => null;

    /// <summary>Called in that process, once, before its first probe.</summary>
    public abstract void Enter(Condition condition);

    /// <summary>
    /// Delivers an ICMP error about a datagram from <paramref name="source"/> to <paramref name="destination"/>, as if a router had sent it.
    /// </summary>
    /// <param name="mtu">The MTU of the next hop, for type 3 code 4.</param>
    public abstract void InjectIcmp(byte type, byte code, IPEndPoint source, IPEndPoint destination, ushort mtu);
}
