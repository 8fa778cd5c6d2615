using ZMemif.Memory;

namespace ZMemif.Control;

/// <summary>
/// Where a client puts its rings and buffers: all rings at the beginning of region 0, then the buffers, as every client does
/// (§2.2); where that would make a region larger than it shall be, the next queue's buffers begin another one.
/// </summary>
internal sealed class ClientLayout
{
    private readonly List<ulong> _regions = [];
    private readonly List<(ushort Region, uint Offset)> _buffers = [];

    /// <summary>Plans the memory for a geometry. A queue's buffers lie together, even if they are larger than a region shall be.</summary>
    internal ClientLayout(PortGeometry geometry, ulong mostPerRegion)
    {
        Ring = new RingLayout(geometry.Log2RingSize, geometry.CacheLine);
        int rings = geometry.TxQueues + geometry.RxQueues;
        ulong buffers = (ulong)Ring.Slots * (ulong)geometry.BufferSize;
        ulong size = (ulong)rings * (ulong)Ring.Bytes;
        for (int i = 0; i < rings; i++)
        {
            if (size > 0 && size + buffers > mostPerRegion)
            {
                _regions.Add(size);
                size = 0;
            }

            _buffers.Add(((ushort)_regions.Count, (uint)size));
            size += buffers;
        }

        _regions.Add(size);
    }

    internal RingLayout Ring { get; }

    /// <summary>Bytes of each region; at most 4 GiB, since rings alone, and one queue's buffers alone, are less.</summary>
    internal IReadOnlyList<ulong> Regions => _regions;

    /// <summary>Where the buffers of each ring begin, in the order of the rings.</summary>
    internal IReadOnlyList<(ushort Region, uint Offset)> Buffers => _buffers;
}
