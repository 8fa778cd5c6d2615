using ZMemif.Memory;
using ZMemif.Native;
using ZMemif.Queues;

namespace ZMemif.Control;

/// <summary>
/// What a client allocates for one connection: the regions of its <see cref="ClientLayout"/>, and one eventfd per ring.
/// </summary>
internal sealed class ClientMemory : IDisposable
{
    private readonly List<SharedRegion> _regions = [];

    private ClientMemory()
    {
    }

    internal IReadOnlyList<SharedRegion> Regions => _regions;

    /// <summary>All client-to-server rings, then all server-to-client rings, in index order.</summary>
    internal List<ClientRing> Rings { get; } = [];

    internal static ClientMemory Create(PortGeometry geometry, ClientLayout layout)
    {
        var memory = new ClientMemory();
        try
        {
            foreach (ulong size in layout.Regions)
                memory._regions.Add(SharedRegion.Create("memif", size));
            for (int i = 0; i < layout.Buffers.Count; i++)
                memory.AddRing(i, geometry, layout);
            return memory;
        }
        catch
        {
            memory.Dispose();
            throw;
        }
    }

    /// <summary>Turns everything over to a link, after CONNECTED, whose rings are not open yet.</summary>
    internal Link ToLink(string peerApplication, string peerInterface, MemifMalformedPolicy malformed)
    {
        var generation = new Generation([.. _regions], [.. Rings.Select(ring => ring.Event)]);
        var receive = new List<RxWalk>();
        var transmit = new List<TxWalk>();
        foreach (ClientRing ring in Rings)
        {
            var signal = new QueueSignal(ring.Ring, ring.Event);
            if (ring.Announcement.IsS2M)
                transmit.Add(new ClientTxWalk(generation, ring.Ring, signal, ring.Buffers));
            else
                receive.Add(new ClientRxWalk(generation, ring.Ring, signal, ring.Buffers, malformed));
        }

        return new Link(generation, [.. receive], [.. transmit], peerApplication, peerInterface);
    }

    public void Dispose()
    {
        _regions.ForEach(region => region.Dispose());
        foreach (ClientRing ring in Rings)
            ring.Event.Dispose();
    }

    private void AddRing(int position, PortGeometry geometry, ClientLayout layout)
    {
        bool isS2M = position < geometry.TxQueues;
        int index = isS2M ? position : position - geometry.TxQueues;
        uint offset = (uint)(position * layout.Ring.Bytes);
        (ushort region, uint buffers) = layout.Buffers[position];
        var ring = new Ring(_regions[0], offset, layout.Ring);

        // Nobody else has the memory yet, so this touch waits for nobody.
        ring.Initialize();
        Rings.Add(new ClientRing(
            new AddRingMessage(isS2M, (ushort)index, Region: 0, offset, (byte)geometry.Log2RingSize, PrivateHeaderSize: 0),
            ring,
            EventCounter.Create(),
            new BufferPool(region, buffers, geometry.BufferSize, geometry.Headroom, layout.Ring.Slots)));
    }
}
