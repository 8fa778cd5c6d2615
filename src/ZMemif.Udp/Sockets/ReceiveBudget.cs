using System.Numerics;
using ZMemif.Udp.Stack;

namespace ZMemif.Udp.Sockets;

/// <summary>
/// How much a socket's receive buffer holds: each datagram is charged against a limit what Linux charges for it, so that a buffer
/// of some size holds as many datagrams as there; by default 256 small ones, or 92 of full Ethernet frames. Thread-safe.
/// </summary>
/// <param name="pressure">Holds the link back while the limit is reached; null when what is too much is dropped.</param>
internal sealed class ReceiveBudget(BackPressure? pressure)
{
    /// <summary>Linux' net.core.rmem_default.</summary>
    internal const int DefaultLimit = 212_992;

    // Linux keeps a datagram in a block of memory with its headers and notes, and another note beside it. Measured, by how many
    // datagrams of each size a buffer held.
    private const int HeadersAndNotes = 364;
    private const int SmallestBlock = 576;
    private const int NoteBeside = 256;

    private readonly Lock _lock = new();
    private int _charged;
    private bool _holdsBack;
    private bool _isClosed;

    /// <summary>How much may be charged, in bytes; a first datagram always finds room.</summary>
    internal int Limit { get; set; } = DefaultLimit;

    /// <summary>Whether the limit is reached, and the link is held back.</summary>
    internal bool HoldsBack => Volatile.Read(ref _holdsBack);

    /// <summary>What a datagram with so many bytes of payload is charged.</summary>
    internal static int ChargeOf(int length)
    {
        int needed = length + HeadersAndNotes;
        return NoteBeside + (needed <= SmallestBlock ? SmallestBlock : (int)BitOperations.RoundUpToPowerOf2((uint)needed));
    }

    /// <summary>Charges a datagram. Under pressure it always succeeds: who drains looks before the next one.</summary>
    internal bool TryCharge(int length)
    {
        int charge = ChargeOf(length);
        int charged = Interlocked.Add(ref _charged, charge);
        if (pressure is null && charged > Limit && charged != charge)
        {
            Uncharge(length);
            return false;
        }

        if (pressure is not null)
            Settle();
        return true;
    }

    internal void Uncharge(int length)
    {
        Interlocked.Add(ref _charged, -ChargeOf(length));
        if (pressure is not null)
            Settle();
    }

    /// <summary>Holds nobody back any more, whatever is charged.</summary>
    internal void Close()
    {
        _isClosed = true;
        if (pressure is not null)
            Settle();
    }

    private void Settle()
    {
        bool isOver;
        lock (_lock)
        {
            bool isFull = !_isClosed && Volatile.Read(ref _charged) >= Limit;
            if (isFull == _holdsBack)
                return;
            Volatile.Write(ref _holdsBack, isFull);
            if (isFull)
                pressure!.Begin();
            isOver = !isFull;
        }

        if (isOver)
            pressure!.End();
    }
}
