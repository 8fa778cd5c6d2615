using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Contract;

/// <summary>Sending by <c>SocketAsyncEventArgs</c> (contract §7, §14).</summary>
public abstract class EventArgsSendContract(UdpBinding binding)
{
    [Fact]
    public async Task SendToAsync_IsDoneAtOnceAndBinds()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using ISocketUnderTest socket = binding.UnboundSocket();
        using IEventArgsUnderTest e = binding.EventArgs("0123456789"u8.ToArray(), peer.LocalEndPoint());
        EndPoint given = e.RemoteEndPoint!;
        e.SetBuffer(2, 5);
        e.SocketFlags = SocketFlags.DontRoute;

        e.AssertDone(socket.SendToAsync(e), SocketAsyncOperation.SendTo, 5);

        Assert.Equal(IPAddress.Any, socket.LocalIPEndPoint().Address);
        Assert.Equal(SocketFlags.None, e.SocketFlags);
        Assert.Same(given, e.RemoteEndPoint);
        UdpReceiveResult received = await peer.ReceiveAsync().Soon();
        Assert.Equal("23456"u8, received.Buffer);
    }

    [Fact]
    public async Task SendToAsync_AlternatingAndChangedDestinations_ReachesEach()
    {
        using IUdpClientUnderTest one = binding.PeerClient();
        using IUdpClientUnderTest other = binding.PeerClient();
        using ISocketUnderTest socket = binding.UnboundSocket();
        using IEventArgsUnderTest e = binding.EventArgs(new byte[1], one.LocalEndPoint());
        var changing = new IPEndPoint(binding.There.Address, 0);
        for (byte i = 0; i < 4; i++)
        {
            IUdpClientUnderTest to = i % 2 == 0 ? one : other;
            e.Buffer![0] = i;
            changing.Port = to.LocalEndPoint().Port;
            e.RemoteEndPoint = i < 2 ? to.LocalEndPoint() : changing;

            e.AssertDone(socket.SendToAsync(e), SocketAsyncOperation.SendTo, 1);

            Assert.Equal([i], (await to.ReceiveAsync().Soon()).Buffer);
        }
    }

    [Fact]
    public async Task SendAsync_BufferList_IsGatheredIntoOneDatagram()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using ISocketUnderTest socket = binding.BoundSocket();
        socket.Connect(peer.LocalEndPoint());
        using IEventArgsUnderTest e = binding.Here.CreateEventArgs();
        foreach (ArraySegment<byte>[] list in (ArraySegment<byte>[][])[[new([1, 2, 3], 1, 2), Array.Empty<byte>(), new([4])], [new([7, 8])], []])
        {
            e.BufferList = list;
            byte[] whole = [.. list.SelectMany(segment => segment)];

            e.AssertDone(socket.SendAsync(e), SocketAsyncOperation.Send, whole.Length);

            Assert.Equal(whole, (await peer.ReceiveAsync().Soon()).Buffer);
        }
    }

    [Fact]
    public async Task SendToAsync_NoBuffer_SendsAnEmptyDatagram()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using ISocketUnderTest socket = binding.BoundSocket();
        using IEventArgsUnderTest e = binding.Here.CreateEventArgs();
        e.RemoteEndPoint = peer.LocalEndPoint();

        e.AssertDone(socket.SendToAsync(e), SocketAsyncOperation.SendTo, 0);

        Assert.Empty((await peer.ReceiveAsync().Soon()).Buffer);
    }

    [Fact]
    public void SendAsync_WhatCannotBeSent_FailsWithoutException()
    {
        using ISocketUnderTest socket = binding.UnboundSocket();
        var there = new IPEndPoint(binding.There.Address, 9);
        using IEventArgsUnderTest unconnected = binding.EventArgs(4);
        using IEventArgsUnderTest tooLong = binding.EventArgs(65_508, there);
        using IEventArgsUnderTest together = binding.EventArgs([65_500, 8], there);
        using IEventArgsUnderTest many = binding.EventArgs([.. Enumerable.Repeat(1, 1025)], there);
        using IEventArgsUnderTest broadcast = binding.EventArgs(4, new IPEndPoint(IPAddress.Broadcast, 9));
        using IEventArgsUnderTest noPort = binding.EventArgs(4, new IPEndPoint(binding.There.Address, 0));
        using IEventArgsUnderTest wrongFamily = binding.EventArgs(4, new IPEndPoint(IPAddress.IPv6Loopback, 9));
        using IEventArgsUnderTest unknown = binding.EventArgs(4, there);
        unknown.SocketFlags = SocketFlags.Partial;

        unconnected.AssertFailed(socket.SendAsync(unconnected), SocketAsyncOperation.Send, SocketError.DestinationAddressRequired);
        tooLong.AssertFailed(socket.SendToAsync(tooLong), SocketAsyncOperation.SendTo, SocketError.MessageSize);
        together.AssertFailed(socket.SendToAsync(together), SocketAsyncOperation.SendTo, SocketError.MessageSize);
        many.AssertFailed(socket.SendToAsync(many), SocketAsyncOperation.SendTo, SocketError.MessageSize);
        broadcast.AssertFailed(socket.SendToAsync(broadcast), SocketAsyncOperation.SendTo, SocketError.AccessDenied);
        noPort.AssertFailed(socket.SendToAsync(noPort), SocketAsyncOperation.SendTo, SocketError.InvalidArgument);
        wrongFamily.AssertFailed(socket.SendToAsync(wrongFamily), SocketAsyncOperation.SendTo, SocketError.AddressFamilyNotSupported);
        unknown.AssertFailed(socket.SendToAsync(unknown), SocketAsyncOperation.SendTo, SocketError.OperationNotSupported);
        Assert.False(socket.IsBound);
    }

    [Fact]
    public void SendToAsync_UnusableArguments_AreRefused()
    {
        using ISocketUnderTest socket = binding.BoundSocket();
        using IEventArgsUnderTest nowhere = binding.EventArgs(4);
        using IEventArgsUnderTest name = binding.EventArgs(4, new DnsEndPoint("localhost", 9));

        Assert.Throws<ArgumentNullException>("e", () => socket.SendAsync(e: null));
        Assert.Throws<ArgumentNullException>("e", () => socket.SendToAsync(e: null));
        Assert.Throws<ArgumentException>("e", () => socket.SendToAsync(nowhere));
        Assert.Throws<ArgumentException>("remoteEP", () => socket.SendToAsync(name));
    }

    [Fact]
    public async Task SendPacketsAsync_SendsADatagramForEachElement()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using ISocketUnderTest socket = binding.BoundSocket();
        socket.Connect(peer.LocalEndPoint());
        using IEventArgsUnderTest e = binding.Here.CreateEventArgs();
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "from a file", TestContext.Current.CancellationToken);
        e.SendPacketsElements =
        [
            new SendPacketsElement([1, 2, 3], 1, 2, endOfPacket: true),
            null!,
            new SendPacketsElement(new ReadOnlyMemory<byte>([4])),
            new SendPacketsElement([]),
            new SendPacketsElement(file, 5, 6),
        ];

        Assert.True(socket.SendPacketsAsync(e));

        Assert.True(socket.StandsFor(await e.NextRaised()));
        File.Delete(file);
        Assert.Equal((SocketError.Success, SocketAsyncOperation.SendPackets, 9), (e.SocketError, e.LastOperation, e.BytesTransferred));
        Assert.Equal([2, 3], (await peer.ReceiveAsync().Soon()).Buffer);
        Assert.Equal([4], (await peer.ReceiveAsync().Soon()).Buffer);
        Assert.Empty((await peer.ReceiveAsync().Soon()).Buffer);
        UdpReceiveResult fromFile = await peer.ReceiveAsync().Soon();
        Assert.Equal("a file"u8, fromFile.Buffer);
    }

    [Fact]
    public async Task SendPacketsAsync_OneTooLong_StopsThere()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using ISocketUnderTest socket = binding.BoundSocket();
        socket.Connect(peer.LocalEndPoint());
        using IEventArgsUnderTest e = binding.Here.CreateEventArgs();
        e.SendPacketsElements = [new SendPacketsElement(new byte[4]), new SendPacketsElement(new byte[65_508]), new SendPacketsElement(new byte[5])];

        Assert.True(socket.SendPacketsAsync(e));

        await e.NextRaised();
        Assert.Equal((SocketError.MessageSize, 4), (e.SocketError, e.BytesTransferred));
        Assert.False(socket.Connected);
        Assert.Equal(4, (await peer.ReceiveAsync().Soon()).Buffer.Length);
    }

    [Fact]
    public void SendPacketsAsync_UnusableArguments_AreRefused()
    {
        using ISocketUnderTest socket = binding.BoundSocket();
        using IEventArgsUnderTest e = binding.Here.CreateEventArgs();
        Assert.Throws<ArgumentNullException>("e", () => socket.SendPacketsAsync(e: null));
        Assert.Throws<ArgumentException>("e", () => socket.SendPacketsAsync(e));
        e.SendPacketsElements = [new SendPacketsElement(Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString()))];
        Assert.Throws<NotSupportedException>(() => socket.SendPacketsAsync(e));
        socket.Connect(new IPEndPoint(binding.There.Address, 9));

        Assert.Throws<FileNotFoundException>(() => socket.SendPacketsAsync(e));

        e.SendPacketsElements = []; // It is free again.
    }
}

public sealed class KernelEventArgsSendTests(KernelBinding binding) : EventArgsSendContract(binding), IClassFixture<KernelBinding>;

public sealed class LoopbackEventArgsSendTests(LoopbackBinding binding) : EventArgsSendContract(binding), IClassFixture<LoopbackBinding>;

public sealed class PairEventArgsSendTests(PairBinding binding) : EventArgsSendContract(binding), IClassFixture<PairBinding>;
