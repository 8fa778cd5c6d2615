using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Engine;

/// <summary>A peer over real shared memory that takes nothing off its ring.</summary>
public sealed class StalledPeerTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(100)]
    [InlineData(8900)]
    public async Task BlockingSender_PeerTakesNothing_IsToldThatTheNetworkIsDown(int length)
    {
        string address = $"@zmemif-test-{Guid.NewGuid():N}";
        await using var socket = new MemifSocket(address);
        MemifPort peer = socket.AddPort(new MemifPortOptions { Role = MemifRole.Server });
        socket.Start();
        await using MemifInterface memif = await MemifInterface.OpenAsync(new MemifInterfaceOptions
        {
            Socket = address,
            Address = IPAddress.Parse("192.0.2.2"),
            PrefixLength = 24,
            RingSize = 64,
            Mtu = 9000,
            Stall = TimeSpan.FromMilliseconds(30),
        });
        await peer.WaitConnectedAsync().WaitAsync(s_patience);
        using var sender = new MemifDatagramSocket(memif, AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { EnableBroadcast = true };
        sender.Connect(new IPEndPoint(IPAddress.Broadcast, 9));

        Task<SocketError> sending = Task.Factory.StartNew(
            () => SendUntilItFails(sender, length), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        Assert.Equal(SocketError.NetworkDown, await sending.WaitAsync(s_patience));
        Assert.True(SpinWait.SpinUntil(() => memif.State == MemifInterfaceState.Stalled, s_patience));
    }

    private static SocketError SendUntilItFails(MemifDatagramSocket socket, int length)
    {
        try
        {
            while (true)
                socket.Send(new byte[length]);
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode;
        }
    }
}
