using ZMemif.Udp.Stack;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Tests.Stack;

/// <summary>Reports on the link with the shortest packets that there may be (RFC 3376 §4.2.16): none is longer.</summary>
public sealed class IgmpReportLengthTests
{
    private const int Mtu = 68;
    private const int MostSources = 7; // 68 − 24 − 8 − 8 bytes

    private static readonly Ipv4Address s_group = Ipv4Address.Parse("239.1.2.3");
    private static readonly Ipv4Address[] s_sources = [.. Enumerable.Range(0, 20).Select(i => new Ipv4Address(0x0A00_0000 + (uint)i))];

    private readonly IgmpBed _bed = new(Mtu);
    private readonly TestSink _socket = new();

    public IgmpReportLengthTests() =>
        _bed.Link.Transmitter.OnSent = frame => Assert.InRange(frame.Length, 0, Frames.IpStart + Mtu);

    [Fact]
    public void Report_OfMoreGroupsThanFit_BecomesSeveral()
    {
        for (uint i = 0; i < 10; i++)
            _bed.Join(_socket, new Ipv4Address(s_group.Value + i));
        _bed.Settle();

        _bed.Query(seconds: 1);
        _bed.Pass(1);

        string[] said = _bed.Said();
        Assert.Equal(3, said.Length); // 4 records of 8 bytes fit 68 − 24 − 8
        Assert.Equal(10, said.Sum(line => line.Split(", ").Length));
    }

    [Fact]
    public void Record_OfMoreSourcesThanFit_BecomesSeveralWithOthersEach()
    {
        _bed.Include(_socket, s_group, s_sources);

        Assert.Equal(s_sources.Chunk(MostSources).Select(part => Say("AllowNewSources", part)), _bed.Settle());
        _bed.Query(seconds: 1);
        _bed.Pass(1);
        Assert.Equal(s_sources.Chunk(MostSources).Select(part => Say("ModeIsInclude", part)), _bed.Said());
    }

    [Fact]
    public void Record_OfMoreExcludedSourcesThanFit_TellsAlwaysTheSameOfThem()
    {
        _bed.Exclude(_socket, s_group, s_sources);

        Assert.Equal([Say("ChangeToExclude", s_sources[..MostSources])], _bed.Settle());
        _bed.Query(seconds: 1);
        _bed.Pass(1);
        Assert.Equal([Say("ModeIsExclude", s_sources[..MostSources])], _bed.Said());
    }

    private static string Say(string type, Ipv4Address[] sources) => $"224.0.0.22: {type} 239.1.2.3 [{string.Join(' ', sources)}]";
}
