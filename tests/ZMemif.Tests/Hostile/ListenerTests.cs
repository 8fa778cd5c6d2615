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
