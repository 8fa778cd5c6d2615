using System.Net;
using System.Net.NetworkInformation;

namespace ZMemif.Udp;

/// <summary>
/// Describes one <c>MemifInterface</c>: the memif port it opens and the IPv4 identity it has there.
/// Each property is a key of the connection string of the same name, except that <see cref="PrefixLength"/> is part of
/// <c>Address</c>, and <see cref="EphemeralPortFirst"/> and <see cref="EphemeralPortLast"/> are <c>EphemeralPorts</c>.
/// </summary>
/// <remarks>Setters take any value; <see cref="Validate"/> judges all of them together.</remarks>
/// <example><c>Socket=/run/memif.sock;Address=192.0.2.2/24;Gateway=192.0.2.1</c></example>
public sealed class MemifInterfaceOptions
{
    /// <summary>
    /// Path of the control socket, or <c>@name</c> for an abstract one; at most 107 bytes of UTF-8, the <c>@</c> not counted.
    /// Required, unless <see cref="Loopback"/> is set.
    /// </summary>
    public string? Socket { get; set; }

    /// <summary>Whether the port connects or listens. Defaults to <see cref="MemifRole.Client"/>.</summary>
    public MemifRole Role { get; set; }

    /// <summary>The memif interface id; both sides of a connection use the same. Defaults to 0.</summary>
    public uint Id { get; set; }

    /// <summary>The interface's own IPv4 address, a unicast host address. Required.</summary>
    public IPAddress? Address { get; set; }

    /// <summary>Length in bits, 1 to 32, of the prefix that is reached without the <see cref="Gateway"/>. Required.</summary>
    public int PrefixLength { get; set; }

    /// <summary>Next hop for destinations outside the prefix. Defaults to none: such destinations are unreachable.</summary>
    public IPAddress? Gateway { get; set; }

    /// <summary>
    /// Networks behind other next hops than the <see cref="Gateway"/>, which are hosts of the prefix; the longest network that holds
    /// a destination counts (RFC 1812 section 5.2.4.3). Key <c>Routes=198.51.100.0/24 via 192.0.2.9, …</c>. Defaults to none.
    /// </summary>
    public IDictionary<IPNetwork, IPAddress> Routes { get; } = new Dictionary<IPNetwork, IPAddress>();

    /// <summary>
    /// Neighbors whose unicast MAC address is known for good and never asked for by ARP. Key
    /// <c>Neighbors=192.0.2.9 at 02:00:00:00:00:09, …</c>. Defaults to none.
    /// </summary>
    public IDictionary<IPAddress, PhysicalAddress> Neighbors { get; } = new Dictionary<IPAddress, PhysicalAddress>();

    /// <summary>The interface's own unicast MAC address. Defaults to a locally administered one, derived.</summary>
    public PhysicalAddress? Mac { get; set; }

    /// <summary>What one packet on the ring is. Defaults to <see cref="MemifMode.Ethernet"/>.</summary>
    public MemifMode Mode { get; set; }

    /// <summary>Largest IPv4 packet in bytes, header included: 68 (RFC 791 section 3.2) to 65535. Defaults to 1500.</summary>
    public int Mtu { get; set; } = 1500;

    /// <summary>Queue pairs, 1 to 255. Defaults to 1.</summary>
    public int Queues { get; set; } = 1;

    /// <summary>Slots of one ring, a power of two from 1 to 16384. Defaults to 1024.</summary>
    public int RingSize { get; set; } = 1024;

    /// <summary>
    /// Bytes of one slot's buffer, 64 to 65535. A larger packet is chained over several. Defaults to 2048, the largest that
    /// DPDK takes; libmemif wants a power of two.
    /// </summary>
    public int BufferSize { get; set; } = 2048;

    /// <summary>
    /// The memif secret, 1 to 24 bytes of UTF-8; at most 23 toward peers written in C, which keep the last byte for a
    /// terminator. Defaults to none. It travels as plain text over the control socket.
    /// </summary>
    public string? Secret { get; set; }

    /// <summary>How receivers wait for the ring. Defaults to <see cref="MemifReceiveMode.Adaptive"/>.</summary>
    public MemifReceiveMode Poll { get; set; } = MemifReceiveMode.Adaptive;

    /// <summary>What happens when a socket's inbox is full. Defaults to <see cref="MemifOverflow.Drop"/>.</summary>
    public MemifOverflow Overflow { get; set; }

    /// <summary>
    /// How long the first use of a client interface waits for the link before it fails; 1 ms to 1 day. Defaults to 5 s.
    /// A server does not wait: it is ready when it listens.
    /// </summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a full ring may stand still before the peer counts as stalled, and sends fail at once; 1 ms to 1 day.
    /// Defaults to 1 s.
    /// </summary>
    public TimeSpan Stall { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>First UDP port given to sockets that did not ask for one, 1 to 65535. Defaults to 32768.</summary>
    /// <remarks>Applications that share one address need ranges that do not overlap.</remarks>
    public int EphemeralPortFirst { get; set; } = 32768;

    /// <summary>Last UDP port given to sockets that did not ask for one, not below the first. Defaults to 60999.</summary>
    public int EphemeralPortLast { get; set; } = 60999;

    /// <summary>
    /// The address is shared with a kernel: neighbors are resolved, but ARP requests and echo requests are left for the
    /// kernel to answer, and no port unreachable is sent. Defaults to <see langword="false"/>.
    /// </summary>
    public bool Shared { get; set; }

    /// <summary>Who answers for UDP checksums. Defaults to <see cref="MemifChecksumMode.Full"/>.</summary>
    public MemifChecksumMode Checksum { get; set; }

    /// <summary>
    /// No peer and no shared memory: only traffic to the interface's own addresses and to 127/8, inside the process.
    /// Defaults to <see langword="false"/>.
    /// </summary>
    public bool Loopback { get; set; }

    /// <summary>
    /// Path of a pcap file that takes a copy of every frame on the rings, in both directions: as many as
    /// <see cref="MemifInterfaceStatistics.RingFramesReceived"/> and <see cref="MemifInterfaceStatistics.RingFramesTransmitted"/>
    /// together. Defaults to none. A file that exists is overwritten; it is complete when the interface has been disposed.
    /// </summary>
    /// <remarks>
    /// It is what the peer sees: frames out come after <see cref="Faults"/>, frames in before. What the interface delivers to
    /// itself is on no ring. If the disk fails, the capture ends, <see cref="MemifInterface.LastError"/> says why, and the
    /// traffic goes on.
    /// </remarks>
    public string? Pcap { get; set; }

    /// <summary>Faults between this host and the rings, to test programs with. Defaults to none, which costs nothing.</summary>
    public MemifFaults? Faults { get; set; }

    /// <summary>Reads and validates a connection string, <c>Key=Value;…</c>.</summary>
    /// <param name="connectionString">
    /// Keys and enumeration values are case-insensitive, white space around them is ignored. A value that holds <c>;</c> or
    /// outer white space, or begins with a quote, is quoted: <c>Secret="a;b"</c>, with an inner quote doubled.
    /// </param>
    /// <exception cref="ArgumentException">A key is unknown, given twice or missing, or a value is bad; the message names it.</exception>
    public static MemifInterfaceOptions Parse(string connectionString)
    {
        ArgumentNullException.ThrowIfNull(connectionString);
        MemifInterfaceOptions options = MemifConnectionString.Read(connectionString);
        return MemifInterfaceOptionsRules.FindProblem(options) is { } problem
            ? throw new ArgumentException(problem.Message, nameof(connectionString))
            : options;
    }

    /// <summary>Checks every value and their combination.</summary>
    /// <exception cref="ArgumentException">
    /// The first thing that is wrong and how to cure it; <see cref="ArgumentException.ParamName"/> is the connection string key.
    /// </exception>
    public void Validate()
    {
        if (MemifInterfaceOptionsRules.FindProblem(this) is { } problem)
            throw new ArgumentException(problem.Message, problem.Key);
    }

    /// <summary>
    /// The connection string, in one fixed order and without the values that are the default. The secret is masked, so that
    /// the text can be logged.
    /// </summary>
    public override string ToString() => MemifConnectionString.Write(this);
}
