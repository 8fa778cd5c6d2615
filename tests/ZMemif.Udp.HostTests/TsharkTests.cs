using ZMemif.Udp.HostTests.Captures;
using ZMemif.Udp.HostTests.Support;

namespace ZMemif.Udp.HostTests;

/// <summary>The judge is judged: a fault that a frame is given must be found, or the other tests' silence means nothing.</summary>
public class TsharkTests
{
    // 192.0.2.1:40000 → 192.0.2.2:7000, "hello"; checksums by hand.
    private const string Ethernet = "020000000002020000000001" + "0800";
    private const string Ipv4 = "4500002112344000" + "4011A494" + "C0000201C0000202";
    private const string Udp = "9C401B58000D" + "8065" + "68656C6C6F";

    [Fact]
    public async Task Judge_GoodFrame_FindsNothing() => Assert.Empty(await JudgeAsync(Ethernet + Ipv4 + Udp));

    [Theory]
    [InlineData(22, "ip.checksum.status")] // time to live
    [InlineData(34, "udp.checksum.status")] // source port
    [InlineData(46, "udp.checksum.status")] // payload
    public async Task Judge_BitFlipped_FindsIt(int offset, string finding)
    {
        byte[] frame = Convert.FromHexString(Ethernet + Ipv4 + Udp);
        frame[offset] ^= 0x10;

        Assert.Contains(finding, Assert.Single(await JudgeAsync(Convert.ToHexString(frame))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Judge_FrameCut_FindsIt() => Assert.Single(await JudgeAsync((Ethernet + Ipv4 + Udp)[..^4]));

    private static Task<IReadOnlyList<string>> JudgeAsync(string frame)
    {
        Requires.Installed("tshark");
        return Tshark.JudgeAsync([new CapturedFrame(DateTimeOffset.UnixEpoch, FrameSender.Host, Convert.FromHexString(frame))]);
    }
}
