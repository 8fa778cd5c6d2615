using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Contract;

/// <summary>What is noted of a datagram when it arrives, and told when it is received (ip(7), IP_PKTINFO).</summary>
public abstract class PacketInformationContract(UdpBinding binding)
{
    private static readonly EndPoint s_any = new IPEndPoint(IPAddress.Any, 0);

    /// <summary>The first call that tells it asks for it, too; for what is there already that is too late.</summary>
    [Fact]
    public async Task ReceiveMessageFrom_CameBeforeTheFirst_HasNoInterface()
    {
        Func<ISocketUnderTest, Task<IPPacketInformation>>[] forms = [Received, ReceivedAsync, ReceivedByEnd, ReceivedByEvent];
        foreach (Func<ISocketUnderTest, Task<IPPacketInformation>> receive in forms)
        {
            using IUdpClientUnderTest peer = binding.PeerClient();
            using ISocketUnderTest socket = binding.BoundSocket();
            peer.Queue("early"u8, socket);

            IPPacketInformation early = await receive(socket);
            peer.Queue("late"u8, socket);
            IPPacketInformation late = await receive(socket);

            Assert.Equal((binding.Here.Address, 0), (early.Address, early.Interface));
            Assert.Equal((binding.Here.Address, 1), (late.Address, late.Interface));
        }
    }

    [Fact]
    public async Task ReceiveMessageFrom_Waits_HasTheInterface()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using ISocketUnderTest socket = binding.BoundSocket();

        ValueTask<SocketReceiveMessageFromResult> pending = socket.ReceiveMessageFromAsync(new byte[8].AsMemory(), s_any);
        peer.Send("awaited"u8, socket.LocalIPEndPoint());

        Assert.Equal(1, (await pending.Soon()).PacketInformation.Interface);
    }

    /// <summary>Of the receives by event arguments only one has room for it.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task EventArgs_InformationIsAskedFor_SayWhetherTheyLeftItOut(bool isList)
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using ISocketUnderTest socket = binding.BoundSocket();
        socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.PacketInformation, 1);
        (Func<IEventArgsUnderTest?, bool> Receive, SocketFlags LeftOut)[] operations =
        [
            (socket.ReceiveAsync, SocketFlags.ControlDataTruncated),
            (socket.ReceiveFromAsync, SocketFlags.ControlDataTruncated),
            (socket.ReceiveMessageFromAsync, SocketFlags.None),
        ];

        foreach ((Func<IEventArgsUnderTest?, bool> receive, SocketFlags leftOut) in operations)
        {
            using IEventArgsUnderTest e = isList ? binding.EventArgs([1, 1], s_any) : binding.EventArgs(2, s_any);
            peer.Queue("it"u8, socket);
            Assert.False(receive(e));
            Assert.Equal((SocketError.Success, leftOut), (e.SocketError, e.SocketFlags));

            e.SocketFlags = SocketFlags.None;
            Assert.True(receive(e));
            peer.Send("cut"u8, socket.LocalIPEndPoint());
            await e.NextRaised();
            Assert.Equal((SocketError.Success, leftOut | SocketFlags.Truncated), (e.SocketError, e.SocketFlags));
        }
    }

    private static Task<IPPacketInformation> Received(ISocketUnderTest socket)
    {
        EndPoint from = s_any;
        SocketFlags flags = SocketFlags.None;
        socket.ReceiveMessageFrom(new byte[8].AsSpan(), ref flags, ref from, out IPPacketInformation information);
        return Task.FromResult(information);
    }

    private static async Task<IPPacketInformation> ReceivedAsync(ISocketUnderTest socket) =>
        (await socket.ReceiveMessageFromAsync(new byte[8].AsMemory(), s_any).Soon()).PacketInformation;

    private static Task<IPPacketInformation> ReceivedByEnd(ISocketUnderTest socket)
    {
        EndPoint from = s_any;
        SocketFlags flags = SocketFlags.None;
        IAsyncResult result = socket.BeginReceiveMessageFrom(new byte[8], 0, 8, SocketFlags.None, ref from, null, null);
        socket.EndReceiveMessageFrom(result, ref flags, ref from, out IPPacketInformation information);
        return Task.FromResult(information);
    }

    private Task<IPPacketInformation> ReceivedByEvent(ISocketUnderTest socket)
    {
        using IEventArgsUnderTest e = binding.EventArgs(8, s_any);
        Assert.False(socket.ReceiveMessageFromAsync(e));
        return Task.FromResult(e.ReceiveMessageFromPacketInfo);
    }
}

public sealed class KernelPacketInformationTests(KernelBinding binding) : PacketInformationContract(binding), IClassFixture<KernelBinding>;

public sealed class LoopbackPacketInformationTests(LoopbackBinding binding) : PacketInformationContract(binding), IClassFixture<LoopbackBinding>;

public sealed class PairPacketInformationTests(PairBinding binding) : PacketInformationContract(binding), IClassFixture<PairBinding>;
