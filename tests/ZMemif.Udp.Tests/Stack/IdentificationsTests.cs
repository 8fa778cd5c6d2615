using ZMemif.Udp.Stack;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Tests.Stack;

public sealed class IdentificationsTests
{
    [Fact]
    public void Next_OfOnePair_ComesAgainOnlyAfterAllOthers()
    {
        var identifications = new Identifications();

        ushort[] all = [.. Enumerable.Range(0, 65_536).Select(_ => identifications.Next(Net.Own, Net.Neighbor, IpProtocol.Udp))];

        Assert.Equal(65_536, all.Distinct().Count());
    }

    [Fact]
    public void Next_OfOnePairFromManyThreads_IsNeverTheSame()
    {
        var identifications = new Identifications();
        var all = new ushort[4][];

        Parallel.For(0, 4, i => all[i] = [.. Enumerable.Range(0, 10_000).Select(_ => identifications.Next(Net.Own, Net.Neighbor, IpProtocol.Udp))]);

        Assert.Equal(40_000, all.SelectMany(part => part).Distinct().Count());
    }

    [Fact]
    public void Next_OfAnotherPairOrHostOrProtocol_BeginsElsewhere()
    {
        var identifications = new Identifications();
        ushort[] firsts =
        [
            .. Enumerable.Range(1, 50).Select(i => identifications.Next(Net.Own, new Ipv4Address((uint)i), IpProtocol.Udp)),
            .. Enumerable.Range(1, 50).Select(i => identifications.Next(new Ipv4Address((uint)i), Net.Own, IpProtocol.Icmp)),
            .. Enumerable.Range(1, 50).Select(_ => new Identifications().Next(Net.Own, Net.Neighbor, IpProtocol.Udp)),
        ];

        Assert.InRange(firsts.Distinct().Count(), 140, 150);
    }

    [Fact]
    public void Next_OfPairsThatShareACounter_TellsNothingOfEachOther()
    {
        // One pair in 1,024 shares the counter of the one before, and would be next to it if that were all.
        var identifications = new Identifications();
        int follow = 0;
        for (uint i = 0; i < 50_000; i++)
        {
            ushort one = identifications.Next(Net.Own, new Ipv4Address(2 * i), IpProtocol.Udp);
            ushort other = identifications.Next(Net.Own, new Ipv4Address((2 * i) + 1), IpProtocol.Udp);
            follow += other == (ushort)(one + 1) ? 1 : 0;
        }

        Assert.InRange(follow, 0, 14);
    }

    [Fact]
    public void Next_OfOnePairUnderOneKey_BeginsAnywhere()
    {
        ushort[] firsts = [.. Enumerable.Range(0, 50).Select(_ => new Identifications(key: 1).Next(Net.Own, Net.Neighbor, IpProtocol.Udp))];

        Assert.InRange(firsts.Distinct().Count(), 45, 50);
    }
}
