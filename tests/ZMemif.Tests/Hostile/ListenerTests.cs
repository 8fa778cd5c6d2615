using System.IO.Pipes;
using System.Runtime.InteropServices;
using ZMemif.Control;
using ZMemif.Native;
using ZMemif.Tests.Peers;

namespace ZMemif.Tests.Hostile;

/// <summary>Who connects at a bad moment, or without end.</summary>
[Collection(nameof(Alone))]
public sealed class ListenerTests
{
    [Fact]
    public async Task Connect_WhenTheLastServerPortIsGone_IsRefusedAndNothingElse()
    {
        string address = TestAddress.Abstract();
        await using var socket = new MemifSocket(address);
        MemifPort port = socket.AddPort(new MemifPortOptions { Role = MemifRole.Server, Id = 3 });
        socket.Start();
        await port.DisposeAsync();

        using RawClient client = RawClient.Connect(address);
        client.Peer.Send(RawClient.Init(3).ToBytes());

        Assert.Equal("There is no server interface with id 3 on this socket.", client.Peer.ReadToEnd());
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(1, 5, 6, 6)]
    [InlineData(2, 5, 5, 7, 7, 7)]
    [InlineData(0, 5, 6, 6, 5)]
    public void OldestOfTheMost_SomeUsersWait_IsTheOldestOfWhoHasTheMost(int expected, params int[] users) =>
        Assert.Equal(expected, MemifSocket.OldestOfTheMost(Enumerable.Range(0, users.Length), i => (uint)users[i]));

    [Fact]
    public void Close_WhoWaitsToBeAcceptedHasPassedSomething_ItIsNotClosedHere()
    {
        string address = TestAddress.Abstract();
        Listener listener = ControlAddress.Listen(
            UnixAddress.Parse(address), new FilePermissions(UnixFileMode.UserRead, null, null), socket => socket.Dispose());
        using RawPeer peer = RawPeer.Connect(address);
        using var pipe = new AnonymousPipeServerStream(PipeDirection.In);
        using FileDescriptor reading = FileDescriptor.Duplicate(pipe.SafePipeHandle);
        using (FileDescriptor writing = FileDescriptor.Duplicate(pipe.ClientSafePipeHandle))
            peer.Send("x"u8, writing);
        pipe.DisposeLocalCopyOfClientHandle();
        using var mayClose = new ManualResetEventSlim();
        Reaper.Shared.Run(mayClose.Wait, geteuid());

        listener.Close();

        PollFd[] set = [new() { Fd = reading.Number, Events = Libc.POLLIN }];
        int closed = Libc.Poll(set, 0);
        mayClose.Set();
        Assert.Equal(0, closed);
        Assert.Equal(1, Libc.Poll(set, 20_000));
    }

    [DllImport("libc")]
    private static extern uint geteuid();

    [Fact]
    public void Duplicate_OfABlockingListener_DoesNotBlock()
    {
        using FileDescriptor other = FileDescriptor.Own(Libc.Socket(), "socket");
        Assert.Equal(0, Libc.Fcntl(other, Libc.F_SETFL, 0));

        using FileDescriptor copy = FileDescriptor.Duplicate(other);

        Assert.Equal(Libc.O_NONBLOCK, Libc.Fcntl(copy, Libc.F_GETFL) & Libc.O_NONBLOCK);
    }

    [Fact]
    public void OnReadable_ManyAreWaiting_LeavesSomeForTheNextRound()
    {
        string address = TestAddress.Abstract();
        var accepted = new List<SeqPacketSocket>();
        Listener listener = ControlAddress.Listen(
            UnixAddress.Parse(address), new FilePermissions(UnixFileMode.UserRead, null, null), accepted.Add);
        List<RawPeer> peers = [.. Enumerable.Range(0, 100).Select(_ => RawPeer.Connect(address))];

        listener.OnReadable();
        Assert.InRange(accepted.Count, 1, 50);

        for (int rounds = 0; rounds < 100; rounds++)
            listener.OnReadable();
        Assert.Equal(100, accepted.Count);
        peers.ForEach(peer => peer.Dispose());
        accepted.ForEach(socket => socket.Dispose());
        listener.Close();
    }
}
