using ZMemif.Tests.Peers;

namespace ZMemif.Tests.Control;

/// <summary>Who is turned away before the handshake.</summary>
public sealed class ServerAccessTests
{
    [Fact]
    public async Task Client_OfAUserWhoIsNotAllowed_IsToldSo()
    {
        string address = TestAddress.Abstract();
        await using var socket = new MemifSocket(address, new MemifSocketOptions { AllowedUserIds = [4_000_000_000] });
        socket.AddPort(new MemifPortOptions { Role = MemifRole.Server });
        var errors = new TaskCompletionSource<MemifErrorEventArgs>();
        socket.Error += (_, arguments) => errors.TrySetResult(arguments);
        socket.Start();

        using RawPeer peer = RawPeer.Connect(address);

        Assert.Matches("^A process of the user [0-9]+ is not allowed to be the peer\\.$", peer.ReadToEnd());
        MemifErrorEventArgs error = await errors.Task.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(MemifErrorCode.AccessDenied, error.Error.Code);
    }

    [Fact]
    public async Task Client_AfterTheLastServerPortWasRemoved_IsToldThatThereIsNone()
    {
        string address = TestAddress.Abstract();
        await using var socket = new MemifSocket(address);
        MemifPort port = socket.AddPort(new MemifPortOptions { Id = 3, Role = MemifRole.Server });
        socket.Start();
        await port.DisposeAsync();

        using RawClient client = RawClient.Connect(address);
        client.Peer.Send(RawClient.Init(3).ToBytes());

        Assert.Equal("There is no server interface with id 3 on this socket.", client.Peer.ReadToEnd());
    }
}
