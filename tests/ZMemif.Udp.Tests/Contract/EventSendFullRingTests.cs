using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Contract;

/// <summary>Sends by event arguments, and by Begin and End, when the transmit queue is full: they pend in order (contract §7).</summary>
public sealed class EventSendFullRingTests
{
    private const int Rounds = 20;

    [Fact]
    public async Task SendAsync_NoRoom_PendsAndRaisesInOrder()
    {
        await using UnreadPeer peer = await UnreadPeer.ConnectAsync();
        MemifEventArgsUnderTest[] pending = [.. Enumerable.Range(0, Rounds).Select(i => Payload((byte)i))];
        Assert.All(pending, e => Assert.True(peer.Sender.SendAsync(e)));
        Assert.Throws<InvalidOperationException>(() => pending[0].SetBuffer(0, 0));

        peer.TakeAll();

        for (byte i = 0; i < Rounds; i++)
        {
            Assert.Equal([i, i], peer.TakeOne());
            Assert.Same(peer.Sender, await pending[i].NextRaised());
            Assert.Equal((SocketError.Success, 2), (pending[i].SocketError, pending[i].BytesTransferred));
        }
    }

    [Fact]
    public async Task Close_SendsPending_AreAborted()
    {
        await using UnreadPeer peer = await UnreadPeer.ConnectAsync();
        for (int round = 0; round < Rounds; round++)
        {
            MemifDatagramSocket sender = peer.NewSender();
            using MemifEventArgsUnderTest e = Payload(1);
            using MemifEventArgsUnderTest packets = Payload(2);
            packets.SendPacketsElements = [new SendPacketsElement(new byte[1])];
            Assert.True(sender.SendAsync(e));
            Assert.True(sender.SendPacketsAsync(packets));
            IAsyncResult plain = sender.BeginSend(new byte[1], 0, 1, SocketFlags.None, null, null);
            IAsyncResult? list = sender.BeginSend([new byte[1], new byte[1]], SocketFlags.None, out SocketError error, null, null);
            Assert.Equal((false, SocketError.Success), (plain.IsCompleted, error));

            sender.Close();

            await e.NextRaised();
            await packets.NextRaised();
            Assert.Equal((SocketError.OperationAborted, 0), (e.SocketError, e.BytesTransferred));
            Assert.Equal((SocketError.OperationAborted, 0), (packets.SocketError, packets.BytesTransferred));
            Refusal.Is(SocketError.OperationAborted, () => sender.EndSend(plain));
            Assert.Equal(0, sender.EndSend(list!, out error));
            Assert.Equal(SocketError.OperationAborted, error);
        }
    }

    private static MemifEventArgsUnderTest Payload(byte value) =>
        new(suppressContext: false) { BufferList = [new[] { value }, new[] { value }] };
}
