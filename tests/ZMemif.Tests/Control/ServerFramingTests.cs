using ZMemif.Control;
using ZMemif.Native;
using ZMemif.Tests.Peers;

namespace ZMemif.Tests.Control;

/// <summary>What a server makes of messages that have the wrong size, time or descriptors (§1.2, §1.4, §7.2).</summary>
[Collection(nameof(Alone))]
public sealed class ServerFramingTests
{
    private static readonly MessageType Nonsense = (MessageType)99;

    private static readonly MessageType[] AllButDisconnectAndInit =
    [
        MessageType.None, MessageType.Ack, MessageType.Hello, MessageType.AddRegion, MessageType.AddRing,
        MessageType.Connect, MessageType.Connected, Nonsense,
    ];

    private static readonly MessageType[] OfServersOrNobody =
        [MessageType.None, MessageType.Ack, MessageType.Hello, MessageType.Connected, Nonsense];

    public static IEnumerable<TheoryDataRow<ClientStage, int>> Sizes =>
        Combine([ClientStage.Greeted, ClientStage.Introduced, ClientStage.Up], [1, 127, 129, 200]);

    public static IEnumerable<TheoryDataRow<ClientStage, int>> Untimely =>
    [
        .. Combine([ClientStage.Greeted], Numbers(AllButDisconnectAndInit)),
        .. Combine([ClientStage.Introduced, ClientStage.RegionAdded, ClientStage.RingsAdded], Numbers([MessageType.Init])),
        .. Combine([ClientStage.Up], Numbers([.. AllButDisconnectAndInit, MessageType.Init])),
    ];

    public static IEnumerable<TheoryDataRow<ClientStage, int>> Foreign => Combine(
        [ClientStage.Introduced, ClientStage.RegionAdded, ClientStage.RingsAdded], Numbers(OfServersOrNobody));

    [Theory]
    [MemberData(nameof(Sizes))]
    public Task Message_NotOf128Bytes_IsRefused(ClientStage stage, int size) => new Offence(
        stage,
        client => client.Peer.Send(RawClient.Init(ServerUnderTest.TargetId).ToBytes().Concat(new byte[200]).Take(size).ToArray()),
        "sent a control message that is not 128 bytes long").AssertRefusedAsync();

    [Theory]
    [MemberData(nameof(Untimely))]
    public Task Message_AtTheWrongTime_IsRefused(ClientStage stage, int type) => new Offence(
        stage, client => Send(client, (MessageType)type), $"sent {(MessageType)type} at the wrong time").AssertRefusedAsync();

    [Theory]
    [MemberData(nameof(Foreign))]
    public Task Message_ThatNoClientSends_IsRefused(ClientStage stage, int type) => new Offence(
        stage, client => Send(client, (MessageType)type), $"sent a message of type {type}, which no client sends").AssertRefusedAsync();

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(10)]
    public Task AddRegion_NotWithOneDescriptor_IsRefused(int descriptors) => new Offence(
        ClientStage.Introduced,
        client => SendWith(client, client.Region.ToBytes(), client.Memory.File, descriptors),
        $"sent {descriptors} file descriptors with AddRegion, where 1 belongs").AssertRefusedAsync();

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(10)]
    public Task AddRing_NotWithOneDescriptor_IsRefused(int descriptors) => new Offence(
        ClientStage.RegionAdded,
        client => SendWith(client, RawClient.S2MRing.ToBytes(), client.S2MEvent.Descriptor, descriptors),
        $"sent {descriptors} file descriptors with AddRing, where 1 belongs").AssertRefusedAsync();

    [Fact]
    public Task Init_WithADescriptor_IsRefused() => new Offence(
        ClientStage.Greeted,
        client => client.Peer.Send(RawClient.Init(ServerUnderTest.TargetId).ToBytes(), client.Memory.File),
        "sent 1 file descriptors with Init, where 0 belongs").AssertRefusedAsync();

    [Fact]
    public Task Connect_WithADescriptor_IsRefused() => new Offence(
        ClientStage.RingsAdded,
        client => client.Peer.Send(RawClient.Connecting, client.Memory.File),
        "sent 1 file descriptors with Connect, where 0 belongs").AssertRefusedAsync();

    [Fact]
    public Task AddRegion_WithMoreDescriptorsThanAreLookedAt_IsRefused() => new Offence(
        ClientStage.Introduced,
        client => SendWith(client, client.Region.ToBytes(), client.Memory.File, 253),
        "sent 253 file descriptors with AddRegion").AssertRefusedAsync();

    [Theory]
    [InlineData(ClientStage.Introduced)]
    [InlineData(ClientStage.RingsAdded)]
    [InlineData(ClientStage.Up)]
    public async Task EmptyMessage_IsTheEndOfTheStream(ClientStage stage)
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        ProcessCounts before = ProcessCounts.Take();

        using (RawClient client = server.Client(stage))
        {
            client.Peer.Send([]);
            Assert.Null(client.Peer.ReadToEnd());
        }

        if (stage == ClientStage.Up)
            await server.Events.ExpectUpAsync();
        Assert.Equal(MemifErrorCode.ClosedByPeer, (await server.Events.ExpectDownAsync()).Code);
        before.AssertAgain();
    }

    [Theory]
    [InlineData(ClientStage.Introduced)]
    [InlineData(ClientStage.RegionAdded)]
    [InlineData(ClientStage.RingsAdded)]
    [InlineData(ClientStage.Up)]
    public async Task Disconnect_AtAnyStage_EndsTheLinkWithThePeersWords(ClientStage stage)
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        ProcessCounts before = ProcessCounts.Take();

        using (RawClient client = server.Client(stage))
        {
            client.Peer.Send(new DisconnectMessage(5, "had enough\nFATAL").ToBytes());
            Assert.Null(client.Peer.ReadToEnd());
        }

        if (stage == ClientStage.Up)
            await server.Events.ExpectUpAsync();
        MemifException error = await server.Events.ExpectDownAsync();
        Assert.Equal(MemifErrorCode.RefusedByPeer, error.Code);
        Assert.Equal("The peer ended the connection: \"had enough?FATAL\" (code 5).", error.Message);
        server.AssertHealthy();
        before.AssertAgain();
    }

    [Fact]
    public async Task Disconnect_BeforeInit_EndsTheConnectionQuietly()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        using RawClient client = server.Client(ClientStage.Greeted);

        client.Peer.Send(new DisconnectMessage(0, "never mind").ToBytes());

        Assert.Null(client.Peer.ReadToEnd());
        Assert.Null(server.Target.LastError);
        server.AssertHealthy();
    }

    [Fact]
    public async Task Disconnect_WithDescriptors_LeaksNone()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        ProcessCounts before = ProcessCounts.Take();

        using (RawClient client = server.Client(ClientStage.Introduced))
        {
            SendWith(client, new DisconnectMessage(0, "take these").ToBytes(), client.Memory.File, 3);
            Assert.Null(client.Peer.ReadToEnd());
        }

        Assert.Equal(MemifErrorCode.RefusedByPeer, (await server.Events.ExpectDownAsync()).Code);
        before.AssertAgain();
    }

    [Fact]
    public async Task Client_ClosesWithHelloUnread_IsForgotten()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        ProcessCounts before = ProcessCounts.Take();

        using (RawPeer peer = RawPeer.Connect(server.Address))
            peer.WaitReadable();

        before.AssertAgain();
        server.AssertHealthy();
    }

    [Fact]
    public async Task Connections_TooManyHalfOpen_TheOldestMakesRoom()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        ProcessCounts before = ProcessCounts.Take();
        var halfOpen = new List<RawClient>();
        while (halfOpen.Count < 64)
            halfOpen.Add(server.Client(ClientStage.Greeted));

        using (RawClient oneMore = server.Client(ClientStage.Up))
        {
            await server.Events.ExpectUpAsync();
            Assert.Equal("More than 64 peers are in the middle of a handshake, and this is the oldest of them.", halfOpen[0].Peer.ReadToEnd());
        }

        server.AssertHealthy();
        halfOpen.ForEach(client => client.Dispose());
        before.AssertAgain();
    }

    private static int[] Numbers(MessageType[] types) => [.. types.Select(type => (int)type)];

    private static void Send(RawClient client, MessageType type)
    {
        FileDescriptor? passed = type switch
        {
            MessageType.AddRegion => client.Memory.File,
            MessageType.AddRing => client.S2MEvent.Descriptor,
            _ => null,
        };
        client.Peer.Send(ControlMessage.Create(type), passed);
    }

    private static void SendWith(RawClient client, byte[] message, FileDescriptor passed, int times) =>
        client.Peer.Send(message, [.. Enumerable.Repeat(passed, times)]);

    private static IEnumerable<TheoryDataRow<ClientStage, int>> Combine(ClientStage[] stages, int[] values) =>
        stages.SelectMany(stage => values.Select(value => new TheoryDataRow<ClientStage, int>(stage, value)));
}
