using ZMemif.Control;

namespace ZMemif.Tests;

public sealed class MemifPortOptionsTests
{
    public static TheoryData<string, MemifPortOptions> Impossible => new()
    {
        { nameof(MemifPortOptions.TxQueues), new MemifPortOptions { TxQueues = 0 } },
        { nameof(MemifPortOptions.TxQueues), new MemifPortOptions { TxQueues = 256 } },
        { nameof(MemifPortOptions.RxQueues), new MemifPortOptions { RxQueues = 0 } },
        { nameof(MemifPortOptions.RxQueues), new MemifPortOptions { RxQueues = 256 } },
        { nameof(MemifPortOptions.RingSize), new MemifPortOptions { RingSize = 0 } },
        { nameof(MemifPortOptions.RingSize), new MemifPortOptions { RingSize = 1000 } },
        { nameof(MemifPortOptions.RingSize), new MemifPortOptions { RingSize = 65536 } },
        { nameof(MemifPortOptions.BufferSize), new MemifPortOptions { BufferSize = 63 } },
        { nameof(MemifPortOptions.BufferSize), new MemifPortOptions { BufferSize = 65536 } },
        { nameof(MemifPortOptions.Headroom), new MemifPortOptions { Headroom = -1 } },
        { nameof(MemifPortOptions.Headroom), new MemifPortOptions { Headroom = 2048 } },
        { nameof(MemifPortOptions.CacheLineSize), new MemifPortOptions { CacheLineSize = 32 } },
        { nameof(MemifPortOptions.MaxRegionBytes), new MemifPortOptions { MaxRegionBytes = 0 } },
        { nameof(MemifPortOptions.MaxRegionBytes), new MemifPortOptions { MaxRegionBytes = (1L << 32) + 1 } },
        { nameof(MemifPortOptions.MaxTotalBytes), new MemifPortOptions { MaxTotalBytes = 0 } },
        { nameof(MemifPortOptions.MaxRingSize), new MemifPortOptions { MaxRingSize = 1000 } },
        { nameof(MemifPortOptions.MaxRingSize), new MemifPortOptions { MaxRingSize = 65536 } },
        { nameof(MemifPortOptions.Secret), new MemifPortOptions { Secret = new string('s', 25) } },
        { "together need", new MemifPortOptions { TxQueues = 255, RxQueues = 255, RingSize = 32768, BufferSize = 65535 } },
        { "together need 257 regions", new MemifPortOptions { TxQueues = 255, RingSize = 2, MaxRegionBytes = 1 } },
    };

    [Theory]
    [MemberData(nameof(Impossible))]
    public void Validated_OptionOutOfRange_IsRefusedByName(string name, MemifPortOptions options)
    {
        ArgumentException e = Assert.ThrowsAny<ArgumentException>(() => options.Validated("test"));

        Assert.Contains(name, e.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Validated_Geometry_IsOnlyTheClientsAffair()
    {
        var options = new MemifPortOptions { Role = MemifRole.Server, TxQueues = 255, RxQueues = 255, RingSize = 16384, BufferSize = 2048 };

        Assert.Equal((255, 255, 14), (Geometry(options).TxQueues, Geometry(options).RxQueues, Geometry(options).Log2RingSize));
    }

    private static PortGeometry Geometry(MemifPortOptions options) => options.Validated("test").Geometry;
}
