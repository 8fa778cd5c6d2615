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
                table.Add(model[address] = new NeighborEntry(address));

            Assert.Equal(model.Count, table.Count);
            for (int i = 0; i <= 61; i++)
                Assert.Same(model.GetValueOrDefault(NeighborFixture.Stranger(i)), table.Find(NeighborFixture.Stranger(i)));
        }

        Assert.Equal(model.Values.ToHashSet(), table.Entries.ToHashSet());
    });

    [Fact]
    public void Table_ReadWhileItChanges_NeverGivesAWrongOneAndFindsAllInTheEnd()
    {
        const int Neighbors = 500;
        var table = new NeighborTable();
        using var done = new CancellationTokenSource();
        int wrong = 0;
        var reader = new Thread(() =>
        {
            for (int i = 0; !done.IsCancellationRequested; i++)
            {
                Ipv4Address address = NeighborFixture.Stranger(i % Neighbors);
                if (table.Find(address) is { } entry && entry.Address != address)
                    wrong++;
            }
        });
        reader.Start();
        for (int round = 0; round < 100; round++)
        {
            NeighborEntry[] entries = [.. Enumerable.Range(0, Neighbors).Select(i => new NeighborEntry(NeighborFixture.Stranger(i)))];
            Array.ForEach(entries, table.Add);
            Assert.All(entries, entry => Assert.Same(entry, table.Find(entry.Address)));
            Array.ForEach(entries, table.Remove);
        }

        done.Cancel();
        reader.Join();
        Assert.Equal((0, 0), (wrong, table.Count));
    }

    [Fact]
    public void Heap_AnyDeadlines_GivesTheEarliest() => Gen.Select(Gen.Int[0, 20], Gen.Int[-20, 100]).Array[0, 200].Sample(steps =>
    {
        var heap = new DeadlineHeap();
        NeighborEntry[] entries = [.. Enumerable.Range(0, 21).Select(i => new NeighborEntry(NeighborFixture.Stranger(i)))];
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
}
