using ZMemif.Control;
using ZMemif.Tests.Peers;

namespace ZMemif.Tests.Control;

/// <summary>INIT: version, id, mode and secret (§1.5, §1.7).</summary>
[Collection(nameof(Alone))]
public sealed class ServerInitTests
{
    private const string LongestSecret = "exactly-24-bytes-long-ok";

    [Theory]
    [InlineData(0x0000)]
    [InlineData(0x0100)]
    [InlineData(0x0201)]
    [InlineData(0xffff)]
    public Task Version_NotTheOnlyOne_IsRefused(int version) => Refused(
        init => init with { Version = (ushort)version },
        $"The peer speaks memif version 0x{version:x4}; this is 0x0200.");

    [Theory]
    [InlineData(99)]
    [InlineData(uint.MaxValue)]
    public Task Id_Unknown_IsRefused(uint id) => Refused(
        init => init with { Id = id }, $"There is no server interface with id {id} on this socket.");

    [Fact]
    public Task Id_OfAConnectedInterface_IsRefused() => Refused(
        init => init with { Id = ServerUnderTest.HealthyId }, $"Interface id {ServerUnderTest.HealthyId} is already connected.");

    [Fact]
    public async Task Id_OfAnInterfaceThatAnotherPeerIsSettingUp_IsRefused()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        using RawClient first = server.Client(ClientStage.RegionAdded);
        using RawClient second = server.Client(ClientStage.Greeted);

        second.Peer.Send(RawClient.Init(ServerUnderTest.TargetId).ToBytes());

        Assert.Contains("is already connected", second.Peer.ReadToEnd(), StringComparison.Ordinal);
        first.Advance(ClientStage.Up, after: ClientStage.RegionAdded);
        await server.Events.ExpectUpAsync();
    }

    [Fact]
    public async Task Id_OfAClientInterface_IsRefused()
    {
        string address = TestAddress.Abstract();
        using var socket = new MemifSocket(address);
        socket.AddPort(new MemifPortOptions { Id = 1, Role = MemifRole.Server });
        MemifPort client = socket.AddPort(new MemifPortOptions { Id = 5, Role = MemifRole.Client });
        var events = new PortLog(client);
        socket.Start();

        MemifException error = await events.ExpectDownAsync();

        Assert.Equal(MemifErrorCode.RefusedByPeer, error.Code);
        Assert.Contains("There is no server interface with id 5 on this socket.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(255)]
    public Task Mode_NotThePorts_IsRefused(byte mode) => Refused(
        init => init with { Mode = mode }, $"The peer wants mode {mode}; interface id {ServerUnderTest.TargetId} has mode Ethernet.");

    [Fact]
    public Task Mode_EthernetOnAnIpPort_IsRefused() => Refused(
        init => init, "The peer wants mode 0; interface id 7 has mode Ip.", new MemifPortOptions { Mode = MemifMode.Ip }, servesNext: false);

    [Theory]
    [InlineData("")]
    [InlineData("s3cre")]
    [InlineData("s3cret5")]
    [InlineData("S3cret")]
    [InlineData(LongestSecret)]
    public Task Secret_MissingOrWrong_IsRefused(string secret) => Refused(
        init => init with { Secret = Secret.FromText(secret) },
        $"The peer's secret for interface id {ServerUnderTest.TargetId} is missing or wrong.",
        new MemifPortOptions { Secret = "s3cret" });

    [Fact]
    public Task Secret_OneOf24BytesWrong_IsRefused() => Refused(
        init => init with { Secret = Secret.FromText(LongestSecret[..^1] + "!") },
        "is missing or wrong",
        new MemifPortOptions { Secret = LongestSecret });

    [Theory]
    [InlineData("s3cret", "s3cret")]
    [InlineData("s3cret", "s3cret\0junk that C peers leave")]
    [InlineData(LongestSecret, LongestSecret)]
    [InlineData(null, "whatever a peer left there")]
    public async Task Secret_RightOrNotAskedFor_IsAccepted(string? secret, string field)
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(new MemifPortOptions { Secret = secret });
        using RawClient client = server.Client(ClientStage.Greeted);
        byte[] init = RawClient.Init(ServerUnderTest.TargetId).ToBytes();
        System.Text.Encoding.ASCII.GetBytes(field).AsSpan(0, Math.Min(field.Length, 24)).CopyTo(init.AsSpan(9));

        client.Step(init);
    }

    [Fact]
    public async Task Names_HostileText_AreShownHarmless()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        using RawClient client = server.Client(ClientStage.Greeted);
        byte[] init = RawClient.Init(ServerUnderTest.TargetId).ToBytes();
        init.AsSpan(33, 32).Fill((byte)'\n');
        client.Step(init);
        client.Advance(ClientStage.RingsAdded, after: ClientStage.Introduced);
        byte[] connect = RawClient.Connecting;
        connect.AsSpan(2, 32).Fill(0x1b);
        client.Peer.Send(connect);
        await server.Events.ExpectUpAsync();

        Assert.Equal(new string('?', 32), server.Target.PeerApplication);
        Assert.Equal(new string('?', 32), server.Target.PeerName);
    }

    private static Task Refused(
        Func<InitMessage, InitMessage> vary, string words, MemifPortOptions? options = null, bool servesNext = true) => new Offence(
        ClientStage.Greeted,
        client => client.Peer.Send(vary(RawClient.Init(ServerUnderTest.TargetId)).ToBytes()),
        words).AssertRefusedAsync(options, servesNext);
}
