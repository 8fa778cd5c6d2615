using ZMemif.Memory;
using ZMemif.Native;
using ZMemif.Queues;

namespace ZMemif.Control;

/// <summary>
/// What a client allocates for one connection: one region with all rings, then all buffers, laid out as every client
/// does (§2.2), and one eventfd per ring.
/// </summary>
internal sealed class ClientMemory : IDisposable
{
    private ClientMemory(SharedRegion region) => Region = region;

    internal SharedRegion Region { get; }

    /// <summary>All client-to-server rings, then all server-to-client rings, in index order.</summary>
    internal List<ClientRing> Rings { get; } = [];

    /// <summary>Bytes of a region with this geometry; buffers are reached by 32-bit offsets.</summary>
    internal static ulong BytesFor(PortGeometry geometry, int rings)
    {
        var layout = new RingLayout(geometry.Log2RingSize, geometry.CacheLine);
        return (ulong)rings * ((ulong)layout.Bytes + ((ulong)layout.Slots * (ulong)geometry.BufferSize));
    }

    internal static ClientMemory Create(PortGeometry geometry)
    {
        int s2m = geometry.TxQueues;
        int rings = s2m + geometry.RxQueues;
        var memory = new ClientMemory(SharedRegion.Create("memif", BytesFor(geometry, rings)));
        try
        {
            for (int i = 0; i < rings; i++)
                memory.AddRing(i, isS2M: i < s2m, indexInDirection: i < s2m ? i : i - s2m, rings, geometry);
            return memory;
        }
        catch
        {
            memory.Dispose();
            throw;
        }
    }

    /// <summary>Turns everything over to a link, after CONNECTED, and posts the receive buffers.</summary>
    internal Link ToLink(string peerApplication, string peerInterface, MemifMalformedPolicy malformed)
    {
        var generation = new Generation([Region], [.. Rings.Select(ring => ring.Event)]);
        var receive = new List<RxWalk>();
        var transmit = new List<TxWalk>();
        foreach (ClientRing ring in Rings)
        {
            var signal = new QueueSignal(ring.Ring, ring.Event);
            ring.Ring.ResetCounters();
            if (ring.Announcement.IsS2M)
            {
                transmit.Add(new ClientTxWalk(generation, ring.Ring, signal, ring.Buffers));
                continue;
            }

            var walk = new ClientRxWalk(generation, ring.Ring, signal, ring.Buffers, malformed);
            ring.Ring.SetMask(true);
            walk.PostAll();
            receive.Add(walk);
        }

        return new Link(generation, [.. receive], [.. transmit], peerApplication, peerInterface);
    }

    public void Dispose()
    {
        Region.Dispose();
        foreach (ClientRing ring in Rings)
            ring.Event.Dispose();
    }

    private void AddRing(int position, bool isS2M, int indexInDirection, int rings, PortGeometry geometry)
    {
        var layout = new RingLayout(geometry.Log2RingSize, geometry.CacheLine);
        uint offset = (uint)(position * layout.Bytes);
        uint buffers = (uint)((rings * layout.Bytes) + ((long)position * layout.Slots * geometry.BufferSize));
        var ring = new Ring(Region, offset, layout);
        ring.Initialize();
        var announcement = new AddRingMessage(isS2M, (ushort)indexInDirection, Region: 0, offset, (byte)layout.Log2Size, PrivateHeaderSize: 0);
        Rings.Add(new ClientRing(announcement, ring, EventCounter.Create(), new BufferPool(buffers, geometry.BufferSize, geometry.Headroom, layout.Slots)));
    }
}
