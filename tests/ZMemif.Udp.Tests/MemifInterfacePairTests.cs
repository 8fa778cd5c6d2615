using System.Net;
using System.Net.Sockets;
using ZMemif.Udp.Tests.Contract;

namespace ZMemif.Udp.Tests;

/// <summary>Two ends over shared memory, made at once.</summary>
public sealed class MemifInterfacePairTests
{
    private static readonly IPAddress s_first = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress s_second = IPAddress.Parse("192.0.2.2");

    [Fact]
    public async Task CreatePair_Ends_KnowWhoTheyAre()
    {
        (MemifInterface first, MemifInterface second) = MemifInterface.CreatePair();
        await using MemifInterface one = first;
        await using MemifInterface two = second;

        Assert.Equal((s_first, 24), (first.Address, first.PrefixLength));
        Assert.Equal((s_second, 24), (second.Address, second.PrefixLength));
        Assert.Equal((MemifInterfaceState.Up, MemifInterfaceState.Up), (first.State, second.State));
        Assert.NotEqual(first.Mac, second.Mac);
        Assert.Equal(2, second.Mac.GetAddressBytes()[0] & 3); // Locally administered, and not a group.
        Assert.Equal("192.0.2.2/24 (Up)", second.ToString());
        await Exchange.AssertCarriesAsync(first, second);
    }

    [Fact]
    public async Task CreatePair_JumboFrames_CarryEveryLength()
    {
        (MemifInterface first, MemifInterface second) = MemifInterface.CreatePair(options => (options.Mtu, options.BufferSize) = (9000, 2048));
        await using MemifInterface one = first;
        await using MemifInterface two = second;
        using var sender = new MemifUdpClient(first, 0);
        using var receiver = new MemifUdpClient(second, 0);
        var to = new IPEndPoint(s_second, Exchange.LocalPort(receiver));
        byte[] payload = new byte[9000 - 28];
        new Random(1).NextBytes(payload);
        await Exchange.AssertCarriesAsync(first, second);

        // As many at a time as a receive buffer surely holds.
        foreach (int[] lengths in Enumerable.Range(0, payload.Length + 1).Chunk(8))
        {
            Array.ForEach(lengths, length => sender.Send(payload.AsSpan(0, length), to));
            foreach (int length in lengths)
            {
                byte[] received = (await receiver.ReceiveAsync().Soon()).Buffer;
                Assert.True(payload.AsSpan(0, length).SequenceEqual(received), $"A datagram of {length} bytes arrived as another of {received.Length} bytes.");
            }
        }
    }

    [Fact]
    public async Task CreatePair_TwoQueues_CarryEveryFlow()
    {
        const int Flows = 32;
        (MemifInterface first, MemifInterface second) = MemifInterface.CreatePair(options => options.Queues = 2);
        await using MemifInterface one = first;
        await using MemifInterface two = second;
        await Exchange.AssertCarriesAsync(first, second);
        using var receiver = new MemifUdpClient(second, 0);
        var to = new IPEndPoint(s_second, Exchange.LocalPort(receiver));
        MemifUdpClient[] senders = [.. Enumerable.Range(0, Flows).Select(_ => new MemifUdpClient(first, 0))];
        Dictionary<int, byte> next = senders.ToDictionary(Exchange.LocalPort, _ => (byte)0);

        for (byte round = 0; round < 4; round++)
            Array.ForEach(senders, sender => sender.Send([round], to));

        for (int i = 0; i < 4 * Flows; i++)
        {
            UdpReceiveResult received = await receiver.ReceiveAsync().Soon();
            Assert.Equal([next[received.RemoteEndPoint.Port]++], received.Buffer); // Each flow in order.
        }

        foreach (MemifUdpClient sender in senders)
        {
            receiver.Send("back"u8, new IPEndPoint(s_first, Exchange.LocalPort(sender)));
            Assert.Equal("back"u8.ToArray(), (await sender.ReceiveAsync().Soon()).Buffer);
            sender.Dispose();
        }
    }
}
