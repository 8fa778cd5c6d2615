using System.Numerics;
using ZMemif.Control;
using ZMemif.Memory;

namespace ZMemif;

/// <summary>Configuration of a <see cref="MemifPort"/>. Directions are the port's own: "transmit" is what this program sends.</summary>
public sealed class MemifPortOptions
{
    /// <summary>The interface id, unique per socket and role. Both ends use the same one. Defaults to 0.</summary>
    public uint Id { get; set; }

    /// <summary>Which end this is. Defaults to <see cref="MemifRole.Client"/>.</summary>
    public MemifRole Role { get; set; }

    /// <summary>What a packet is; both ends must agree. Defaults to <see cref="MemifMode.Ethernet"/>.</summary>
    public MemifMode Mode { get; set; }

    /// <summary>The interface name shown to the peer; up to 31 bytes of UTF-8 are sent. Defaults to <c>memif</c> and the id.</summary>
    public string? Name { get; set; }

    /// <summary>
    /// A secret that both ends must know: at most 24 bytes of UTF-8; peers written in C can use 23. It travels in plain
    /// text over the local socket. Defaults to none.
    /// </summary>
    public string? Secret { get; set; }

    /// <summary>Transmit queues, 1 to 255; a server's are the most that a client may bring. Defaults to 1.</summary>
    public int TxQueues { get; set; } = 1;

    /// <summary>Receive queues, 1 to 255; a server's are the most that a client may bring. Defaults to 1.</summary>
    public int RxQueues { get; set; } = 1;

    /// <summary>Slots per ring, a power of two from 1 to 16384. The client decides; a server ignores its own. Defaults to 1024.</summary>
    public int RingSize { get; set; } = 1024;

    /// <summary>
    /// Bytes per packet buffer, 64 to 65535. The client decides; a server ignores its own. Defaults to 2048, which is
    /// also what DPDK expects at least.
    /// </summary>
    public int BufferSize { get; set; } = 2048;

    /// <exception cref="ArgumentException">An option is out of range; the message names it.</exception>
    internal PortIdentity Validated(string applicationName)
    {
        RequireRange(TxQueues, 1, MemifLimits.MaxQueues, nameof(TxQueues));
        RequireRange(RxQueues, 1, MemifLimits.MaxQueues, nameof(RxQueues));
        RequireRange(RingSize, 1, 1 << MemifLimits.MaxLog2RingSize, nameof(RingSize));
        RequireRange(BufferSize, 64, ushort.MaxValue, nameof(BufferSize));
        if (!BitOperations.IsPow2(RingSize))
            throw Bad(nameof(RingSize), $"{nameof(RingSize)} must be a power of two, not {RingSize}.");
        int log2 = BitOperations.Log2((uint)RingSize);
        ulong bytes = ClientMemory.BytesFor(TxQueues + RxQueues, new RingLayout(log2, RingLayout.DefaultCacheLine), BufferSize);
        if (Role == MemifRole.Client && bytes > MemifLimits.MaxRegionBytes)
        {
            throw Bad(
                nameof(BufferSize),
                $"{nameof(TxQueues)}, {nameof(RxQueues)}, {nameof(RingSize)} and {nameof(BufferSize)} together need {bytes} bytes; a region has at most {MemifLimits.MaxRegionBytes}.");
        }

        return new PortIdentity(
            Id, Role, Mode, Control.Secret.FromText(Secret), applicationName, Name ?? $"memif{Id}", TxQueues, RxQueues, log2, BufferSize);
    }

    private static ArgumentException Bad(string name, string message) => new(message, name);

    private static void RequireRange(int value, int least, int most, string name)
    {
        if (value < least || value > most)
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be {least} to {most}.");
    }
}
