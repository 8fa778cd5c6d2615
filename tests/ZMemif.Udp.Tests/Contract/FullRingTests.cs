using System.Diagnostics;
using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Contract;

/// <summary>
/// Sending when the transmit queue is full (contract §7, measured there on a throttled loopback): back-pressure, not loss.
/// </summary>
public sealed class FullRingTests
{
    [Fact]
    public async Task Send_NotBlocking_WouldBlockUntilThereIsRoom()
    {
        await using UnreadPeer peer = await UnreadPeer.ConnectAsync();
        peer.Sender.Blocking = false;

        Refusal.Is(SocketError.WouldBlock, () => peer.Sender.Send("no room"u8));

        Assert.True(peer.Sender.Connected);
        peer.TakeOne();
        Assert.Equal(4, peer.Sender.Send("room"u8));
    }

    [Fact]
    public async Task Send_TimeIsUp_TimesOut()
    {
        await using UnreadPeer peer = await UnreadPeer.ConnectAsync();
        peer.Sender.SendTimeout = 20;
        long began = Stopwatch.GetTimestamp();

        Refusal.Is(SocketError.TimedOut, () => peer.Sender.Send("no room"u8));

        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalMilliseconds, 19, UdpBinding.Patience.TotalMilliseconds);
        Assert.True(peer.Sender.Connected);
    }

    [Fact]
    public async Task Send_Blocked_GoesOnWhenThereIsRoom()
    {
        await using UnreadPeer peer = await UnreadPeer.ConnectAsync();
        Task<int> blocked = Task.Factory.StartNew(
            () => peer.Sender.Send("patient"u8), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        peer.TakeAll();

        Assert.Equal(7, await blocked.Soon());
        Assert.Equal("patient"u8, peer.TakeOne());
    }

    [Fact]
    public async Task SendAsync_NoRoom_PendsAndKeepsTheOrder()
    {
        const int Sends = 40;
        await using UnreadPeer peer = await UnreadPeer.ConnectAsync();
        Task<int>[] pending = [.. Enumerable.Range(0, Sends).Select(i => peer.Sender.SendAsync(new[] { (byte)i }))];
        Assert.All(pending, send => Assert.False(send.IsCompleted));

        peer.TakeAll();

        for (byte i = 0; i < Sends; i++)
        {
            Assert.Equal([i], peer.TakeOne());
            Assert.Equal(1, await pending[i].Soon());
        }
    }

    [Fact]
    public async Task SendAsync_CancelledWhilePending_IsNotSent()
    {
        await using UnreadPeer peer = await UnreadPeer.ConnectAsync();
        using var source = new CancellationTokenSource();
        Task<int> first = peer.Sender.SendAsync("first"u8.ToArray());
        Task<int> cancelled = peer.Sender.SendAsync("cancelled"u8.ToArray(), source.Token).AsTask();
        Task<int> last = peer.Sender.SendAsync("last"u8.ToArray());

        await source.CancelAsync();

        OperationCanceledException exception = await Assert.ThrowsAsync<OperationCanceledException>(() => cancelled.Soon());
        Assert.Equal(source.Token, exception.CancellationToken);
        peer.TakeAll();
        Assert.Equal("first"u8, peer.TakeOne());
        Assert.Equal("last"u8, peer.TakeOne());
        await Task.WhenAll(first, last).WaitAsync(UdpBinding.Patience);
    }

    [Fact]
    public async Task Dispose_SendAsyncPending_IsAborted()
    {
        await using UnreadPeer peer = await UnreadPeer.ConnectAsync();
        Task<int>[] pending = [.. Enumerable.Range(0, 3).Select(_ => peer.Sender.SendAsync(new byte[1]))];

        peer.Sender.Dispose();

        foreach (Task<int> send in pending)
            await Refusal.ComesAsync(SocketError.OperationAborted, send);
    }

    [Fact]
    public async Task Dispose_SendBlocked_IsInterrupted()
    {
        await using UnreadPeer peer = await UnreadPeer.ConnectAsync();

        await BlockedCall.IsInterruptedAsync(peer.NewSender, socket => socket.Send("no room"u8), socket => socket.Dispose());
    }

    [Fact]
    public async Task Send_PeerStandsStill_FindsTheNetworkDown()
    {
        await using UnreadPeer peer = await UnreadPeer.ConnectAsync();
        long began = Stopwatch.GetTimestamp();
        Task<int> blocked = Task.Factory.StartNew(
            () => peer.Sender.Send("no room"u8), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Task<int>[] pending = [.. Enumerable.Range(0, 10).Select(_ => peer.Sender.SendAsync(new byte[1]))];

        await Refusal.ComesAsync(SocketError.NetworkDown, blocked);
        foreach (Task<int> send in pending)
            await Refusal.ComesAsync(SocketError.NetworkDown, send);

        // All after the default of one second, not one after the other.
        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 0.99, 8);
    }
}
