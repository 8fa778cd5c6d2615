using System.Net;
using System.Net.Sockets;
using ZMemif.Udp.Tests.Contract;

namespace ZMemif.Udp.Tests;

/// <summary>Datagrams between two interfaces.</summary>
internal static class Exchange
{
    /// <summary>A datagram goes there and one comes back.</summary>
    internal static async Task AssertCarriesAsync(MemifInterface first, MemifInterface second)
    {
        using var left = new MemifUdpClient(first, 0);
        using var right = new MemifUdpClient(second, 0);

        left.Send("there"u8, new IPEndPoint(second.Address, LocalPort(right)));
        UdpReceiveResult there = await right.ReceiveAsync().Soon();
        Assert.Equal("there"u8.ToArray(), there.Buffer);
        Assert.Equal(new IPEndPoint(first.Address, LocalPort(left)), there.RemoteEndPoint);
        right.Send("and back"u8, there.RemoteEndPoint);
        Assert.Equal("and back"u8.ToArray(), (await left.ReceiveAsync().Soon()).Buffer);
    }

    /// <summary>The port that a client is bound to.</summary>
    internal static int LocalPort(MemifUdpClient client) => ((IPEndPoint)client.Client.LocalEndPoint!).Port;
}
