using ZMemif.Control;
using ZMemif.Memory;
using ZMemif.Native;

namespace ZMemif.Tests.Peers;

/// <summary>What a client gave to a server that is played by hand.</summary>
internal sealed class RawServerMemory(
    SharedRegion region, AddRingMessage s2m, AddRingMessage m2s, EventCounter s2mEvent, EventCounter m2sEvent) : IDisposable
{
    /// <summary>The ring on which the client sends.</summary>
    internal Ring S2M { get; } = new(region, s2m.Offset, new RingLayout(s2m.Log2Size, CacheLine: 64));

    /// <summary>The ring on which the client receives.</summary>
    internal Ring M2S { get; } = new(region, m2s.Offset, new RingLayout(m2s.Log2Size, CacheLine: 64));

    internal EventCounter S2MEvent => s2mEvent;

    internal EventCounter M2SEvent => m2sEvent;

    internal SharedRegion Region => region;

    public void Dispose()
    {
        region.Dispose();
        s2mEvent.Dispose();
        m2sEvent.Dispose();
    }
}
