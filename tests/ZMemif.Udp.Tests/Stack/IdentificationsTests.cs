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
}
