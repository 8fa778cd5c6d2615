using ZMemif.Control;
using ZMemif.Native;
using ZMemif.Tests.Peers;

namespace ZMemif.Tests.Control;

public sealed class ControlChannelTests
{
    [Fact]
    public void Send_PeerThatNeverReads_IsRefusedInsteadOfWaitedFor()
    {
        string address = TestAddress.Abstract();
        using var server = new RawServer(address);
        using var channel = new ControlChannel(ControlAddress.Connect(UnixAddress.Parse(address)));
        using RawPeer peer = server.Accept();

        MemifException e = Assert.Throws<MemifException>(() =>
        {
            for (int i = 0; i < 100_000; i++)
                channel.Send(ControlMessage.Ack());
        });

        Assert.Equal(
            (MemifErrorCode.ProtocolViolation, "The peer does not read its control channel."), (e.Code, e.Message));
    }

    [Fact]
    public void Receive_NothingThere_SaysSo()
    {
        string address = TestAddress.Abstract();
        using var server = new RawServer(address);
        using var channel = new ControlChannel(ControlAddress.Connect(UnixAddress.Parse(address)));

        Assert.Equal(ChannelRead.Nothing, channel.Receive(new byte[128], []));
    }

    [Fact]
    public void Receive_PeerIsGone_SaysSoAfterItsLastMessage()
    {
        string address = TestAddress.Abstract();
        using var server = new RawServer(address);
        using var channel = new ControlChannel(ControlAddress.Connect(UnixAddress.Parse(address)));
        using (RawPeer peer = server.Accept())
            peer.Send(ControlMessage.Ack());

        channel.Send(ControlMessage.Ack());

        byte[] message = new byte[128];
        Assert.Equal(ChannelRead.Message, channel.Receive(message, []));
        Assert.Equal(MessageType.Ack, ControlMessage.TypeOf(message));
        Assert.Equal(ChannelRead.Closed, channel.Receive(message, []));
    }
}
