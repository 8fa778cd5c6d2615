using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using ZMemif.Udp.Tests.Contract;

namespace ZMemif.Udp.Tests;

/// <summary>What options do to a pair of interfaces over real shared memory.</summary>
public sealed class InterfaceOptionTests
{
    private const int Port = 7;

    [Theory]
    [InlineData("")]
    [InlineData("Mode=Ip")]
    [InlineData("Checksum=Offload")]
    [InlineData("Shared=true")]
    public async Task Datagrams_OfAllSizes_AreCarried(string option)
    {
        (MemifInterface first, MemifInterface second) = MemifInterface.CreatePair(options => Apply(option, options));
        await using (first)
        await using (second)
        {
            using MemifDatagramSocket sender = Open(first, 0);
            using MemifDatagramSocket receiver = Open(second, Port);
            receiver.ReceiveTimeout = 10_000;
            byte[] buffer = new byte[65_507];
            foreach (int length in new[] { 0, 1, 1472, 1473, 9000, 65_507 })
            {
                byte[] payload = [.. Enumerable.Range(0, length).Select(i => (byte)(i * 7))];
                sender.SendTo(payload, new IPEndPoint(second.Address, Port));
                Assert.Equal(length, receiver.Receive(buffer));
                Assert.Equal(payload, buffer[..length]);
            }
        }
    }

    [Fact]
    public async Task BarePackets_AreShorterByTheirHeaderAndNeedNoArp()
    {
        (MemifInterface first, MemifInterface second) = MemifInterface.CreatePair(options => options.Mode = MemifMode.Ip);
        await using (first)
        await using (second)
        {
            using MemifDatagramSocket sender = Open(first, 0);
            using MemifDatagramSocket receiver = Open(second, Port);
            receiver.ReceiveTimeout = 10_000;

            sender.SendTo("hello"u8.ToArray(), new IPEndPoint(second.Address, Port));
            Assert.Equal(5, receiver.Receive(new byte[10]));

            Assert.Equal((1, 0), (first.Statistics.RingFramesTransmitted, first.Statistics.MessagesMade));
        }
    }

    [Fact]
    public async Task Neighbors_ThatAreGiven_AreNotAskedFor()
    {
        (MemifInterface first, MemifInterface second) = MemifInterface.CreatePair(Know);
        await using (first)
        await using (second)
        {
            long before = first.Statistics.MessagesMade;
            using MemifDatagramSocket sender = Open(first, 0);
            using MemifDatagramSocket receiver = Open(second, Port);
            receiver.ReceiveTimeout = 10_000;

            sender.SendTo("hello"u8.ToArray(), new IPEndPoint(second.Address, Port));
            Assert.Equal(5, receiver.Receive(new byte[10]));

            Assert.InRange(first.Statistics.MessagesMade, before, before + 1); // an announcement may be due meanwhile
            Assert.Equal(0, first.Statistics.Drops[MemifDropReason.NeighborUnreachable]);
        }

        static void Know(MemifInterfaceOptions options)
        {
            if (options.Role == MemifRole.Server)
                options.Neighbors[IPAddress.Parse("192.0.2.2")] = PhysicalAddress.Parse("02-00-C0-00-02-02");
        }
    }

    [Fact]
    public async Task Routes_LeadToTheirNextHop()
    {
        (MemifInterface first, MemifInterface second) = MemifInterface.CreatePair(Route);
        await using (first)
        await using (second)
        {
            using MemifDatagramSocket sender = Open(first, 0);

            sender.SendTo("hello"u8.ToArray(), new IPEndPoint(IPAddress.Parse("198.51.100.7"), Port));
            SocketException failure = Assert.Throws<SocketException>(
                () => sender.SendTo("hello"u8.ToArray(), new IPEndPoint(IPAddress.Parse("203.0.113.7"), Port)));

            Assert.Equal(SocketError.NetworkUnreachable, failure.SocketErrorCode);
            await Waiting.UntilAsync(() => second.Statistics.Drops[MemifDropReason.NotForUs] == 1);
        }

        static void Route(MemifInterfaceOptions options)
        {
            if (options.Role == MemifRole.Server)
                options.Routes[IPNetwork.Parse("198.51.100.0/24")] = IPAddress.Parse("192.0.2.2");
        }
    }

    [Fact]
    public async Task AddressConflict_OfTwoWithTheSameAddress_IsReported()
    {
        var reported = new TaskCompletionSource<PhysicalAddress>(TaskCreationOptions.RunContinuationsAsynchronously);
        string socket = $"@zmemif-conflict-{Guid.NewGuid():N}";
        await using MemifInterface server = await MemifInterface.OpenAsync($"Socket={socket};Role=Server;Address=192.0.2.2/24;Mac=02-00-00-00-00-01");
        server.AddressConflict += (_, conflict) => reported.TrySetResult(conflict.Station);

        await using MemifInterface client = await MemifInterface.OpenAsync($"Socket={socket};Address=192.0.2.2/24;Mac=02-00-00-00-00-02");

        Assert.Equal(client.Mac, await reported.Task.Soon());
        Assert.InRange(server.Statistics.AddressConflicts, 1, 10);
    }

    private static void Apply(string option, MemifInterfaceOptions options)
    {
        MemifInterfaceOptions parsed = MemifInterfaceOptions.Parse($"Socket=@x;Address=192.0.2.2/24;{option}");
        (options.Mode, options.Checksum, options.Shared) = (parsed.Mode, parsed.Checksum, parsed.Shared);
        if (options.Shared && options.Role == MemifRole.Client)
            options.Shared = false; // Somebody has to answer.
    }

    private static MemifDatagramSocket Open(MemifInterface on, int port)
    {
        var socket = new MemifDatagramSocket(on, AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Any, port));
        return socket;
    }
}
