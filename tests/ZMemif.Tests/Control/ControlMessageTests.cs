using System.Text;
using ZMemif.Control;

namespace ZMemif.Tests.Control;

/// <summary>The messages against the vectors of §1.3, in both directions, and against fields that peers fill strangely.</summary>
public sealed class ControlMessageTests
{
    private const string HelloVector = "0200 6d656d69662d74657374 ..22 0002 0002 ff00 fe00 fd00 0e";
    private const string InitVector = "0300 0002 44332211 01 733363726574 ..18 617070 ..29";
    private const string AddRegionVector = "0400 0100 9a78563412000000";
    private const string AddRingVector = "0500 0100 0200 0300 80400000 0a 0605";
    private const string ConnectVector = "0600 696630 ..29";
    private const string ConnectedVector = "0700 696631 ..29";
    private const string DisconnectVector = "0800 07000000 627965 ..93";

    private static readonly HelloMessage Hello = new("memif-test", 0x0200, 0x0200, MaxRegion: 255, MaxM2SRing: 254, MaxS2MRing: 253, MaxLog2RingSize: 14);
    private static readonly InitMessage Init = new(0x0200, 0x11223344, Mode: 1, Secret.FromText("s3cret"), "app");
    private static readonly AddRegionMessage AddRegion = new(1, 0x123456789a);
    private static readonly AddRingMessage AddRing = new(IsS2M: true, Index: 2, Region: 3, Offset: 16512, Log2Size: 10, PrivateHeaderSize: 0x0506);
    private static readonly ConnectMessage Connect = new(MessageType.Connect, "if0");
    private static readonly ConnectMessage Connected = new(MessageType.Connected, "if1");
    private static readonly DisconnectMessage Disconnect = new(7, "bye");

    [Fact]
    public void ToBytes_EveryMessage_IsTheVectorOfTheReference()
    {
        Assert.Equal(MessageVector.Parse("0100"), ControlMessage.Ack());
        Assert.Equal(MessageVector.Parse(HelloVector), Hello.ToBytes());
        Assert.Equal(MessageVector.Parse(InitVector), Init.ToBytes());
        Assert.Equal(MessageVector.Parse(AddRegionVector), AddRegion.ToBytes());
        Assert.Equal(MessageVector.Parse(AddRingVector), AddRing.ToBytes());
        Assert.Equal(MessageVector.Parse(ConnectVector), Connect.ToBytes());
        Assert.Equal(MessageVector.Parse(ConnectedVector), Connected.ToBytes());
        Assert.Equal(MessageVector.Parse(DisconnectVector), Disconnect.ToBytes());
    }

    [Theory]
    [InlineData(0x00)]
    [InlineData(0xff)]
    [InlineData(0x5a)]
    public void Read_EveryMessage_IgnoresGarbageAfterTheLastField(byte garbage)
    {
        Assert.Equal(Hello, HelloMessage.Read(Vector(HelloVector, used: 45, garbage)));
        Assert.Equal(AddRegion, AddRegionMessage.Read(Vector(AddRegionVector, used: 12, garbage)));
        Assert.Equal(AddRing, AddRingMessage.Read(Vector(AddRingVector, used: 15, garbage)));
        Assert.Equal(Connect, ConnectMessage.Read(Vector(ConnectVector, used: 34, garbage)));
        Assert.Equal(Connected, ConnectMessage.Read(Vector(ConnectedVector, used: 34, garbage)));
        Assert.Equal(Disconnect, DisconnectMessage.Read(Vector(DisconnectVector, used: 102, garbage)));

        InitMessage init = InitMessage.Read(Vector(InitVector, used: 65, garbage));
        Assert.Equal((0x0200, 0x11223344u, (byte)1, "app"), (init.Version, init.Id, init.Mode, init.Name));
        Assert.True(init.Secret.Matches(Init.Secret));
    }

    [Fact]
    public void Read_AddRing_ReservedFlagsSayNothing()
    {
        byte[] message = AddRing.ToBytes();
        message[2] = 0xfe;
        message[3] = 0xff;

        Assert.False(AddRingMessage.Read(message).IsS2M);
    }

    [Fact]
    public void Read_TextWithoutTerminator_EndsWithItsField()
    {
        byte[] message = new byte[128];
        message.AsSpan().Fill((byte)'x');

        Assert.Equal(new string('x', 32), HelloMessage.Read(message).Name);
        Assert.Equal(new string('x', 32), InitMessage.Read(message).Name);
        Assert.Equal(new string('x', 32), ConnectMessage.Read(message).InterfaceName);
        Assert.Equal(new string('x', 96), DisconnectMessage.Read(message).Reason);
        Assert.True(InitMessage.Read(message).Secret.Matches(Secret.FromText(new string('x', 24))));
    }

    [Fact]
    public void Read_TextAfterTheFirstZero_IsGarbage() => Assert.Equal(
        "end", DisconnectMessage.Read(MessageVector.Parse("0800 00000000 656e64 00 787878")).Reason);

    [Theory]
    [InlineData("two\r\nlines", "two??lines")]
    [InlineData("\u001b[31mred", "?[31mred")]
    [InlineData("tab\there", "tab?here")]
    [InlineData("c1\u0085next\u009b", "c1?next?")]
    [InlineData("line\u2028paragraph\u2029", "line?paragraph?")]
    [InlineData("del\u007f", "del?")]
    [InlineData("schön 接口 🚀", "schön 接口 🚀")]
    public void Read_TextThatForgesLogLines_IsMadeHarmless(string sent, string shown)
    {
        byte[] message = ControlMessage.Create(MessageType.Disconnect);
        Encoding.UTF8.GetBytes(sent).CopyTo(message, 6);

        Assert.Equal(shown, DisconnectMessage.Read(message).Reason);
    }

    [Fact]
    public void Read_TextThatIsNotUtf8_DoesNotFail() => Assert.Equal(
        "ab\ufffd\ufffdcd", DisconnectMessage.Read(MessageVector.Parse("0800 00000000 6162 ff80 6364")).Reason);

    [Theory]
    [InlineData(31, 31)]
    [InlineData(32, 31)]
    [InlineData(500, 31)]
    public void ToBytes_LongName_IsCutBeforeTheTerminator(int length, int sent)
    {
        byte[] message = new ConnectMessage(MessageType.Connect, new string('n', length)).ToBytes();

        Assert.Equal(new string('n', sent), ConnectMessage.Read(message).InterfaceName);
        Assert.All(message[33..], b => Assert.Equal(0, b));
    }

    [Fact]
    public void ToBytes_LongNameOfWideCharacters_IsCutBetweenCharacters()
    {
        byte[] message = new ConnectMessage(MessageType.Connect, string.Concat(Enumerable.Repeat("🚀", 10))).ToBytes();

        Assert.Equal(string.Concat(Enumerable.Repeat("🚀", 7)), ConnectMessage.Read(message).InterfaceName);
    }

    private static byte[] Vector(string vector, int used, byte garbage)
    {
        byte[] message = MessageVector.Parse(vector);
        message.AsSpan(used).Fill(garbage);
        return message;
    }

    [Theory]
    [InlineData("a\u202eb", "a?b")]
    [InlineData("\u2066x\u200b", "?x?")]
    [InlineData("\U000e0041", "??")]
    [InlineData("gr\u00fc\u00df \U0001f600", "gr\u00fc\u00df \U0001f600")]
    public void ReadText_FormatCharacters_AreReplaced(string text, string shown) =>
        Assert.Equal(shown, ControlMessage.ReadText(System.Text.Encoding.UTF8.GetBytes(text)));
}
