using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Contract;

/// <summary>
/// An interface whose peer takes frames only when told to, with a small ring that is full. Datagrams go to the broadcast
/// address, so that no neighbor has to answer.
/// </summary>
internal sealed class UnreadPeer : IAsyncDisposable
{
    private const int RingSize = 4;
    private const int HeaderBytes = 14 + 20 + 8;

    private readonly MemifSocket _socket;
    private readonly MemifRxQueue _received;
    private readonly MemifInterface _interface;

    private UnreadPeer(MemifSocket socket, MemifPort port, MemifInterface opened)
    {
        _socket = socket;
        _received = port.RxQueues[0];
        _interface = opened;
        Sender = NewSender();
        Fill();
    }

    /// <summary>A connected socket that has no room.</summary>
    internal MemifDatagramSocket Sender { get; }

    internal static async Task<UnreadPeer> ConnectAsync()
    {
        string address = $"@zmemif-test-{Guid.NewGuid():N}";
        var socket = new MemifSocket(address);
        MemifPort port = socket.AddPort(new MemifPortOptions { Role = MemifRole.Server });
        socket.Start();
        MemifInterface opened = await MemifInterface.OpenAsync(
            new MemifInterfaceOptions { Socket = address, Address = IPAddress.Parse("192.0.2.2"), PrefixLength = 24, RingSize = RingSize });
        await port.WaitConnectedAsync().WaitAsync(UdpBinding.Patience);
        return new UnreadPeer(socket, port, opened);
    }

    /// <summary>Another such socket.</summary>
    internal MemifDatagramSocket NewSender()
    {
        var sender = new MemifDatagramSocket(_interface, AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { EnableBroadcast = true };
        sender.Connect(new IPEndPoint(IPAddress.Broadcast, 9));
        return sender;
    }

    /// <summary>Takes one frame, which makes room for one.</summary>
    /// <returns>A datagram's payload; for other frames, nothing.</returns>
    internal byte[] TakeOne()
    {
        byte[] frame = new byte[2048];
        int length = 0;
        Assert.True(SpinWait.SpinUntil(() => _received.TryReceive(frame, out length), UdpBinding.Patience), "No frame came.");
        bool isIpv4 = frame[12] == 8 && frame[13] == 0;
        return isIpv4 ? frame[HeaderBytes..length] : [];
    }

    /// <summary>Takes everything that is on the ring at the moment.</summary>
    internal void TakeAll()
    {
        for (int i = 0; i < RingSize; i++)
            TakeOne();
    }

    public async ValueTask DisposeAsync()
    {
        Sender.Dispose();
        await _interface.DisposeAsync();
        await _socket.DisposeAsync();
    }

    private void Fill()
    {
        Sender.Blocking = false;
        Refusal.Is(SocketError.WouldBlock, () =>
        {
            for (int i = 0; i <= RingSize; i++)
                Sender.Send("filling"u8);
        });
        Sender.Blocking = true;
    }
}
