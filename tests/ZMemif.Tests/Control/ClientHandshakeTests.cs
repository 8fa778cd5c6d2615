using ZMemif.Control;
using ZMemif.Native;
using ZMemif.Tests.Peers;

namespace ZMemif.Tests.Control;

/// <summary>The client's state machine, message by message, without a socket.</summary>
[Collection(nameof(Alone))]
public sealed class ClientHandshakeTests
{
    [Fact]
    public void Start_SaysNothing_BecauseTheServerSpeaksFirst()
    {
        using var handshake = new ClientHandshake(FakePort.Client());

        handshake.Start();

        Assert.False(handshake.TryDequeue(out _, out _));
    }

    [Fact]
    public void Steps_EachAfterTheAcknowledgementOfTheOneBefore_InTheOrderThatEverybodyUses()
    {
        using var handshake = new ClientHandshake(FakePort.Client(txQueues: 2, rxQueues: 1));

        InitMessage init = InitMessage.Read(Only(handshake, Server.Hello.ToBytes()).Message);
        Assert.Equal((0x0200, 3u, (byte)0, "fake application"), (init.Version, init.Id, init.Mode, init.Name));
        Assert.True(init.Secret.Matches(Secret.FromText("s3cret")));

        (byte[] region, FileDescriptor? file) = Only(handshake, ControlMessage.Ack());
        Assert.Equal(0, AddRegionMessage.Read(region).Index);
        Assert.NotNull(file);
        Assert.Equal(MessageType.AddRegion, ControlMessage.TypeOf(region));

        AddRingMessage[] rings = [.. Enumerable.Range(0, 3).Select(_ => AddRingMessage.Read(Only(handshake, ControlMessage.Ack()).Message))];
        Assert.Equal([(true, 0), (true, 1), (false, 0)], rings.Select(ring => (ring.IsS2M, (int)ring.Index)));
        Assert.Equal([0u, 1152u, 2304u], rings.Select(ring => ring.Offset));
        Assert.All(rings, ring => Assert.Equal((6, 0, 0), (ring.Log2Size, ring.Region, ring.PrivateHeaderSize)));

        ConnectMessage connect = ConnectMessage.Read(Only(handshake, ControlMessage.Ack()).Message);
        Assert.Equal((MessageType.Connect, "if3"), (connect.Type, connect.InterfaceName));
        Assert.Null(handshake.Link);

        Complete(handshake);
        Assert.NotNull(handshake.Link);
        Assert.Equal(("raw server", "raw1"), (handshake.Link.PeerApplication, handshake.Link.PeerInterface));
        handshake.Link.Abandon();
    }

    [Theory]
    [InlineData(0x0000, 0x01ff)]
    [InlineData(0x0201, 0x0300)]
    [InlineData(0x0300, 0x0100)]
    [InlineData(0xffff, 0xffff)]
    public void Hello_WithoutOurVersion_IsRefused(int min, int max)
    {
        using var handshake = new ClientHandshake(FakePort.Client());
        byte[] hello = (Server.Hello with { MinVersion = (ushort)min, MaxVersion = (ushort)max }).ToBytes();

        MemifException e = Assert.Throws<MemifException>(() => handshake.Handle(hello, []));

        Assert.Equal(MemifErrorCode.VersionMismatch, e.Code);
        Assert.Contains($"speaks memif versions 0x{min:x4} to 0x{max:x4}; this is 0x0200", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0x0200, 0x0200)]
    [InlineData(0x0100, 0x0200)]
    [InlineData(0x0200, 0x0400)]
    [InlineData(0x0000, 0xffff)]
    public void Hello_WithOurVersionAmongOthers_IsAnsweredWithOurs(int min, int max)
    {
        using var handshake = new ClientHandshake(FakePort.Client());
        byte[] hello = (Server.Hello with { MinVersion = (ushort)min, MaxVersion = (ushort)max }).ToBytes();

        Assert.Equal(0x0200, InitMessage.Read(Only(handshake, hello).Message).Version);
    }

    /// <summary>The limits are the highest index, so one more ring than the number says.</summary>
    [Theory]
    [InlineData(255, 255, 4, 3)]
    [InlineData(3, 2, 4, 3)]
    [InlineData(2, 1, 3, 2)]
    [InlineData(0, 0, 1, 1)]
    [InlineData(0, 255, 1, 3)]
    [InlineData(255, 0, 4, 1)]
    [InlineData(0xffff, 0xffff, 4, 3)]
    public void Hello_RingLimits_ClampTheQueues(int maxS2M, int maxM2S, int s2m, int m2s)
    {
        using var handshake = new ClientHandshake(FakePort.Client(txQueues: 4, rxQueues: 3));

        AddRingMessage[] rings = RingsFor(handshake, Server.Hello with { MaxS2MRing = (ushort)maxS2M, MaxM2SRing = (ushort)maxM2S });

        Assert.Equal((s2m, m2s), (rings.Count(ring => ring.IsS2M), rings.Count(ring => !ring.IsS2M)));
    }

    [Theory]
    [InlineData(14, 10)]
    [InlineData(255, 10)]
    [InlineData(10, 10)]
    [InlineData(9, 9)]
    [InlineData(0, 0)]
    public void Hello_RingSizeLimit_ClampsLayoutAndAnnouncement(int limit, int log2)
    {
        using var handshake = new ClientHandshake(FakePort.Client(ringSize: 1024));

        AddRingMessage[] rings = RingsFor(handshake, Server.Hello with { MaxLog2RingSize = (byte)limit });

        Assert.All(rings, ring => Assert.Equal(log2, ring.Log2Size));
        Assert.Equal(128u + (16u << log2), rings[1].Offset);
    }

    [Theory]
    [InlineData("before HELLO", 0)]
    [InlineData("instead of CONNECTED", 5)]
    public void Ack_AtTheWrongTime_IsRefused(string when, int steps) => AssertRefused(when, steps, ControlMessage.Ack(), "sent Ack at the wrong time");

    [Theory]
    [InlineData("after INIT", 1)]
    [InlineData("after ADD_REGION", 2)]
    [InlineData("after ADD_RING", 4)]
    [InlineData("after CONNECT", 5)]
    public void Hello_Again_IsRefused(string when, int steps) => AssertRefused(when, steps, Server.Hello.ToBytes(), "sent Hello at the wrong time");

    [Theory]
    [InlineData("before HELLO", 0)]
    [InlineData("after INIT", 1)]
    [InlineData("after ADD_REGION", 2)]
    [InlineData("after ADD_RING", 4)]
    public void Connected_TooEarly_IsRefused(string when, int steps) => AssertRefused(when, steps, Server.Connected, "sent Connected at the wrong time");

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(6)]
    [InlineData(99)]
    public void Message_ThatNoServerSends_IsRefused(int type)
    {
        byte[] message = ControlMessage.Create((MessageType)type);

        AssertRefused("at first", 0, message, $"sent {(MessageType)type} at the wrong time");
        AssertRefused("in the middle", 3, message, $"sent {(MessageType)type} at the wrong time");
    }

    [Theory]
    [InlineData("before HELLO", 0)]
    [InlineData("after INIT", 1)]
    [InlineData("after CONNECT", 5)]
    public void Disconnect_AtAnyTime_IsReportedWithThePeersWords(string when, int steps)
    {
        using ClientHandshake handshake = After(steps);

        MemifException e = Assert.Throws<MemifException>(() => handshake.Handle(new DisconnectMessage(3, when).ToBytes(), []));

        Assert.Equal(MemifErrorCode.RefusedByPeer, e.Code);
        Assert.Equal($"The peer ended the connection: \"{when}\" (code 3).", e.Message);
    }

    [Fact]
    public void Message_WithADescriptor_IsRefused()
    {
        using var handshake = new ClientHandshake(FakePort.Client());
        using FileDescriptor passed = Descriptors.Event();

        MemifException e = Assert.Throws<MemifException>(() => handshake.Handle(Server.Hello.ToBytes(), [passed]));

        Assert.Contains("sent 1 file descriptors with Hello, where 0 belongs", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Dispose_InTheMiddle_LeavesNothingBehind()
    {
        ProcessCounts before = ProcessCounts.Take();

        for (int steps = 0; steps <= 5; steps++)
            After(steps).Dispose();

        before.AssertAgain();
    }

    [Fact]
    public void Link_Closed_LeavesNothingBehind()
    {
        ProcessCounts before = ProcessCounts.Take();
        using ClientHandshake handshake = After(5);
        Complete(handshake);
        Assert.Equal(before.Generations + 1, ProcessCounts.Take().Generations);

        handshake.Link!.Abandon();

        before.AssertAgain();
    }

    [Fact]
    public void Dispose_BeforeTheRingsWereOpened_LeavesNothingBehind()
    {
        ProcessCounts before = ProcessCounts.Take();
        ClientHandshake handshake = After(5);
        handshake.Handle(Server.Connected, []);
        SlowStep opening = handshake.SlowStep!;

        handshake.Dispose();
        opening.Run();

        before.AssertAgain();
    }

    private static class Server
    {
        internal static HelloMessage Hello => RawServer.Hello;

        internal static byte[] Connected => RawServer.Connected;
    }

    private static void Complete(ClientHandshake handshake)
    {
        handshake.Handle(Server.Connected, []);
        Assert.Null(handshake.Link);
        handshake.SlowStep!.Run();
        handshake.Resume();
    }

    private static void AssertRefused(string when, int steps, byte[] message, string words)
    {
        using ClientHandshake handshake = After(steps);

        MemifException e = Assert.Throws<MemifException>(() => handshake.Handle(message, []));

        Assert.True(e.Code == MemifErrorCode.ProtocolViolation, when);
        Assert.Contains(words, e.Message, StringComparison.Ordinal);
    }

    // 1: INIT is out; 2: ADD_REGION; 3 and 4: ADD_RING; 5: CONNECT.
    private static ClientHandshake After(int steps)
    {
        var handshake = new ClientHandshake(FakePort.Client());
        for (int i = 0; i < steps; i++)
            Only(handshake, i == 0 ? Server.Hello.ToBytes() : ControlMessage.Ack());
        return handshake;
    }

    private static AddRingMessage[] RingsFor(ClientHandshake handshake, HelloMessage hello)
    {
        var rings = new List<AddRingMessage>();
        byte[] sent = Only(handshake, hello.ToBytes()).Message;
        while (ControlMessage.TypeOf(sent) != MessageType.Connect)
        {
            sent = Only(handshake, ControlMessage.Ack()).Message;
            if (ControlMessage.TypeOf(sent) == MessageType.AddRing)
                rings.Add(AddRingMessage.Read(sent));
        }

        return [.. rings];
    }

    /// <summary>Hands a message in; exactly one comes out.</summary>
    private static (byte[] Message, FileDescriptor? Passed) Only(ClientHandshake handshake, byte[] message)
    {
        handshake.Handle(message, []);
        Assert.True(handshake.TryDequeue(out byte[] sent, out FileDescriptor? passed));
        Assert.False(handshake.TryDequeue(out _, out _));
        return (sent, passed);
    }
}
