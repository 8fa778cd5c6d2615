using CsCheck;
using ZMemif.Udp.Stack;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Tests.Stack;

/// <summary>The structures under the neighbor cache, against what .NET has.</summary>
public sealed class NeighborTableTests
{
    [Fact]
    public void Table_AnyAddsAndRemoves_AgreesWithADictionary() => Gen.Int[0, 60].Array[0, 300].Sample(steps =>
    {
        var table = new NeighborTable();
        var model = new Dictionary<Ipv4Address, NeighborEntry>();
        foreach (int step in steps)
        {
            // Each address comes and goes in turn.
            Ipv4Address address = NeighborFixture.Stranger(step);
            if (model.Remove(address, out NeighborEntry? known))
                table.Remove(known);
            else
                model[address] = table.Add(address);

            Assert.Equal(model.Count, table.Count);
            if (model.TryGetValue(address, out NeighborEntry? added))
                added.Mac = StationOf(address);
            for (int i = 0; i <= 61; i++)
            {
                Ipv4Address any = NeighborFixture.Stranger(i);
                Assert.Same(model.GetValueOrDefault(any), table.Find(any));
                Assert.Equal(model.ContainsKey(any), table.TryUse(any, out MacAddress station, out _));
                Assert.Equal(model.ContainsKey(any) ? StationOf(any) : MacAddress.Zero, station);
            }
        }

        Assert.Equal(model.Values.ToHashSet(), table.Entries.ToHashSet());
    });

    [Fact]
    public void Table_ReadWhileItChanges_NeverGivesAWrongOneAndFindsAllInTheEnd()
    {
        // Few slots, so that they change hands all the time.
        const int Neighbors = 8;
        var table = new NeighborTable();
        using var done = new CancellationTokenSource();
        int wrong = 0;
        int found = 0;
        var reader = new Thread(() =>
        {
            for (int i = 0; !done.IsCancellationRequested; i++)
            {
                Ipv4Address address = NeighborFixture.Stranger(i % Neighbors);
                if (!table.TryUse(address, out MacAddress station, out _))
                    continue;
                Interlocked.Increment(ref found);
                wrong += station == StationOf(address) ? 0 : 1;
            }
        });
        reader.Start();
        for (int round = 0; round < 200_000 || Volatile.Read(ref found) == 0; round++)
        {
            NeighborEntry[] entries = [.. Enumerable.Range(0, Neighbors).Select(i => table.Add(NeighborFixture.Stranger(i)))];
            Array.ForEach(entries, entry => entry.Mac = StationOf(entry.Address));
            Array.ForEach(entries, table.Remove);
        }

        done.Cancel();
        reader.Join();
        Assert.Equal((0, 0), (wrong, table.Count));
    }

    [Fact]
    public void Table_MarkOfUse_IsNewsOnceAndMovesWithItsEntry()
    {
        var table = new NeighborTable();
        NeighborEntry[] entries = [.. Enumerable.Range(0, 100).Select(i => table.Add(NeighborFixture.Stranger(i)))];
        foreach (NeighborEntry entry in entries)
        {
            Assert.False(table.TryUse(entry.Address, out _, out _));
            entry.Mac = Net.NeighborMac;
            Assert.True(table.TryUse(entry.Address, out _, out NeighborEntry? usedAnew));
            Assert.Same(entry, usedAnew);
            Assert.True(table.TryUse(entry.Address, out _, out usedAnew));
            Assert.Null(usedAnew);
            entry.Mac = Net.GatewayMac;
        }

        for (int i = 100; i < 1000; i++)
            table.Add(NeighborFixture.Stranger(i));
        Array.ForEach(entries[..50], table.Remove);

        Assert.All(entries[50..], entry => Assert.True(entry.TakeUse()));
        Assert.All(entries[50..], entry => Assert.False(entry.TakeUse()));
        Assert.All(entries[50..], entry => Assert.True(table.TryUse(entry.Address, out MacAddress station, out _) && station == Net.GatewayMac));
    }

    [Fact]
    public void Heap_AnyDeadlines_GivesTheEarliest() => Gen.Select(Gen.Int[0, 20], Gen.Int[-20, 100]).Array[0, 200].Sample(steps =>
    {
        var heap = new DeadlineHeap();
        var table = new NeighborTable();
        NeighborEntry[] entries = [.. Enumerable.Range(0, 21).Select(i => table.Add(NeighborFixture.Stranger(i)))];
        var model = new Dictionary<NeighborEntry, long>();
        foreach ((int index, int deadline) in steps)
        {
            NeighborEntry entry = entries[index];
            if (deadline < 0)
            {
                heap.Remove(entry);
                model.Remove(entry);
            }
            else
            {
                heap.Set(entry, deadline);
                model[entry] = deadline;
            }

            Assert.Equal(model.Count == 0 ? null : model.Values.Min(), heap.First?.Deadline);
        }

        while (heap.First is { } first)
        {
            Assert.Equal(model.Values.Min(), first.Deadline);
            Assert.True(model.Remove(first));
            heap.Remove(first);
        }

        Assert.Empty(model);
    });

    private static MacAddress StationOf(Ipv4Address address) => new(0x0200_0000_0000UL | address.Value);
}
