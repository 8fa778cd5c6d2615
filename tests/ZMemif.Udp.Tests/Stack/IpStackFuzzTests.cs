using CsCheck;
using ZMemif.Udp.Sockets;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Tests.Stack;

/// <summary>Whatever comes, nothing is thrown and every frame has one fate.</summary>
public sealed class IpStackFuzzTests
{
    private const int Iterations = 20_000;

    private static readonly byte[][] s_seeds =
    [
        .. FrameKinds.All.Values.Select(make => make()),
        Frames.Udp("x"u8, port: 8),
        Frames.Udp("x"u8, source: Net.Outside),
        Frames.Ip(IpProtocol.Udp, new byte[16], moreFragments: true),
        Frames.Ip(IpProtocol.Tcp, new byte[20]),
        Frames.Arp(ArpOperation.Request, sender: Ipv4Address.Any),
    ];

    private static readonly Gen<byte[]> s_random = Gen.Byte.Array[0, 120];

    private static readonly Gen<byte[]> s_mutated = Gen.Select(
        Gen.Int[0, s_seeds.Length - 1].Select(i => s_seeds[i]), Gen.Select(Gen.Int[0, 511], Gen.Byte).Array[0, 3], Gen.Int[0, 200], Gen.Bool, Mutate);

    private static readonly Gen<byte[]> s_frame = Gen.Frequency((1, s_random), (2, s_random.Select(ForUs)), (7, s_mutated));

    [Fact]
    public void Handle_AnyFrames_NeverThrowsAndBalances() => s_frame.Array[1, 6].Sample(
        frames =>
        {
            var host = new TestHost();
            UdpEndpoint socket = host.Listen();
            for (int i = 0; i < frames.Length; i++)
            {
                host.Receive(frames[i]);
                Assert.Equal(i + 1, host.Counters.FramesReceived);
                Assert.Equal(i + 1, host.FramesSettled);
                Assert.False(host.Link.Transmitter.IsReserved);
            }

            host.AssertBalances();
            socket.Close();
        },
        iter: Iterations,
        print: frames => string.Join(Environment.NewLine, frames.Select(Convert.ToHexString)));

    /// <summary>Sets some bytes, cuts or pads by a little, and perhaps mends the header checksum so that what lies deeper is reached.</summary>
    private static byte[] Mutate(byte[] seed, (int Offset, byte Value)[] changes, int length, bool mend)
    {
        byte[] frame = [.. seed];
        foreach ((int offset, byte value) in changes)
            frame[offset % frame.Length] = value;
        if (mend && frame.Length > Frames.PayloadStart)
            Frames.WithIpChecksum(frame);
        if (length < 20)
            Array.Resize(ref frame, length < 10 ? frame.Length + length : Math.Max(0, frame.Length - length + 10));
        return frame;
    }

    private static byte[] ForUs(byte[] frame)
    {
        byte[] header = Frames.Ethernet(frame.Length % 2 == 0 ? EtherType.IPv4 : EtherType.Arp, []);
        return [.. header, .. frame];
    }
}
