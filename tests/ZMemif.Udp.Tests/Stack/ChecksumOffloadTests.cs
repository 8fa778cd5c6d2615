using System.Buffers.Binary;
using ZMemif.Udp.Sockets;
using ZMemif.Udp.Stack;

namespace ZMemif.Udp.Tests.Stack;

/// <summary>UDP checksums left to the peer, both ways (Checksum=Offload).</summary>
public sealed class ChecksumOffloadTests
{
    private const int ChecksumStart = Frames.PayloadStart + 6;

    private readonly TestHost _host = new(offloads: true);

    [Fact]
    public void Receive_OfAWrongChecksum_TakesThePeersWord()
    {
        UdpEndpoint socket = _host.Listen();
        byte[] frame = Frames.Udp("hello"u8);
        frame[ChecksumStart] ^= 0xFF;

        _host.Receive(frame);

        Assert.True(socket.Inbox.TryTake(out QueuedDatagram datagram));
        Assert.Equal("hello"u8, datagram.Payload);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(4000)]
    public void Send_ComputesNone(int length)
    {
        _host.IntroduceNeighbor();
        int before = _host.Sent.Count;

        _host.Send(Net.Neighbor, new byte[length]);

        Assert.Equal(0, BinaryPrimitives.ReadUInt16BigEndian(_host.Sent[before].AsSpan(ChecksumStart)));
    }

    [Fact]
    public void Receive_OfAnImpossibleLength_IsDroppedAllTheSame()
    {
        _host.Listen();
        byte[] frame = Frames.Udp("hello"u8);
        frame[Frames.PayloadStart + 5] = 3;

        _host.AssertDrops(MemifDropReason.BadUdpLength, frame);
    }
}
