using ZMemif.Udp.Stack;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Tests.Stack;

/// <summary>Who pays when more comes in fragments than can be kept. Nobody is listening: a packet that is whole finds no socket.</summary>
public sealed class ReassemblerLimitsTests : IDisposable
{
    private static readonly Ipv4Address s_greedy = Ipv4Address.Parse("203.0.113.66");

    private readonly TestHost _host = new();

    private long Given => _host.Counters.Drops(MemifDropReason.ReassemblyFull);

    private long Whole => _host.Counters.Drops(MemifDropReason.NoSocket);

    public void Dispose() => _host.AssertBalances();

    [Fact]
    public void Source_WithTooManyIncompletePackets_LosesItsOwnOldest()
    {
        byte[][] others = Begin(Net.Gateway);
        byte[][] oldest = Begin(s_greedy, identification: 0);
        byte[][] second = Begin(s_greedy, identification: 1);
        for (ushort i = 2; i <= Reassembler.MaxPacketsOfSource; i++)
            Begin(s_greedy, i);
        Assert.Equal(1, Given);

        Array.ForEach([others[^1], second[^1]], _host.Receive);
        Assert.Equal((1, 2), (Given, Whole));
        _host.Receive(oldest[^1]);

        Assert.Equal(2, Whole);
    }

    [Fact]
    public void Fragments_AtTheFarEnd_AreChargedForWhatHasCome()
    {
        // As many as one source may have begun, and then the same from others: each brings 8 bytes, whatever it promises.
        byte[][] others = Begin(Net.Gateway);
        for (ushort i = 0; i < 10 * Reassembler.MaxPacketsOfSource; i++)
            _host.Receive(Fragments.Make(new byte[8], 65_488, isLast: false, i, source: new Ipv4Address(s_greedy.Value + (uint)(i % 10))));

        Assert.InRange(_host.Stack.Reassembler.Bytes, 0, Reassembler.MaxBytes / 3);
        _host.Receive(others[^1]);

        Assert.Equal((0, 1), (Given, Whole));
    }

    [Fact]
    public void Memory_TakenByOneSource_ItLosesItsOwnOldest()
    {
        byte[][] others = Begin(Net.Gateway);
        byte[][] oldest = Begin(s_greedy, identification: 0, length: 60_000);
        byte[][] newest = oldest;
        for (ushort i = 1; Given == 0; i++)
            newest = Begin(s_greedy, i, length: 60_000);

        Array.ForEach([others[^1], newest[^1]], _host.Receive);
        Assert.Equal((1, 2), (Given, Whole));
        _host.Receive(oldest[^1]);

        Assert.Equal(2, Whole);
    }

    [Fact]
    public void Memory_TakenByManySources_TheOldestOfAllGivesWay()
    {
        // Each less than its share, so that nobody is to blame, and who holds most no more than others.
        byte[][] oldest = Begin(Net.Gateway, length: 20_000);
        byte[][] second = Begin(Net.Neighbor, length: 60_000);
        byte[][] newest = second;
        for (uint i = 0; Given == 0; i++)
            newest = Begin(new Ipv4Address(s_greedy.Value + i), length: 20_000);

        Array.ForEach([second[^1], newest[^1]], _host.Receive);
        Assert.Equal((1, 2), (Given, Whole));
        _host.Receive(oldest[^1]);

        Assert.Equal(2, Whole);
    }

    [Theory]
    [InlineData(8, 65_488)]
    [InlineData(1480, 0)]
    [InlineData(1480, 30_000)]
    public void Memory_WhateverComes_StaysWithinItsBound(int length, int offset)
    {
        for (uint source = 0; Given < 100; source++)
        {
            for (ushort i = 0; i < 2 * Reassembler.MaxPacketsOfSource && Given < 100; i++)
                _host.Receive(Fragments.Make(new byte[length], offset, isLast: false, i, source: new Ipv4Address(Net.Outside.Value + (source % 60))));
            Assert.InRange(_host.Stack.Reassembler.Bytes, 1, Reassembler.MaxBytes);
        }

        _host.PassSeconds(30);
        Assert.Equal((0, 0), (_host.Stack.Reassembler.Count, _host.Stack.Reassembler.Bytes));
    }

    /// <summary>Sends a datagram all but its last fragment.</summary>
    private byte[][] Begin(Ipv4Address source, ushort identification = 1, int length = 30)
    {
        byte[][] fragments = Fragments.Cut(Frames.Udp(new byte[length], source: source), Math.Max(16, length / 40 * 8), identification);
        Array.ForEach(fragments[..^1], _host.Receive);
        return fragments;
    }
}
