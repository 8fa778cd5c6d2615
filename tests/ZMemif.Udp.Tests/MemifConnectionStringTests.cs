using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;

namespace ZMemif.Udp.Tests;

/// <summary>Options read from a connection string and written as one.</summary>
public sealed class MemifConnectionStringTests
{
    private const string Usable = "Socket=/run/memif.sock;Address=192.0.2.2/24";

    /// <summary>One pair per key, in canonical form and not the default.</summary>
    public static TheoryData<string> CanonicalPairs =>
    [
        "Socket=@zmemif",
        "Role=Server",
        "Id=4294967295",
        "Address=192.0.2.2/24",
        "Gateway=192.0.2.1",
        "Routes=198.51.100.0/24 via 192.0.2.9, 203.0.113.0/24 via 192.0.2.8",
        "Mac=02:00:00:ab:cd:ef",
        "Neighbors=192.0.2.9 at 02:00:00:00:00:09, 192.0.2.8 at 02:00:00:00:00:08",
        "Mode=Ip",
        "Mtu=9000",
        "Queues=4",
        "RingSize=16384",
        "BufferSize=4096",
        "Secret=***",
        "Poll=Busy",
        "Overflow=Hold",
        "ConnectTimeout=500ms",
        "Stall=2s",
        "EphemeralPorts=40000-40999",
        "Shared=true",
        "Checksum=Offload",
        "Loopback=true",
        "Pcap=/tmp/frames.pcap",
        "Faults=loss:0.01,duplicate:0.001,reorder:0.02,corrupt:0.5,delay:2ms,full:1,seed:-7",
    ];

    [Theory]
    [MemberData(nameof(CanonicalPairs))]
    public void Pair_ReadAndWritten_IsTheSame(string pair) =>
        Assert.Equal(pair, MemifConnectionString.Write(MemifConnectionString.Read(pair)));

    [Fact]
    public void CanonicalPairs_AllTogether_AreEveryKeyInOrder()
    {
        string[] pairs = [.. CanonicalPairs.Select(row => row.Data)];

        Assert.Equal(MemifConnectionStringKeys.All.Select(key => key.Name), pairs.Select(pair => pair.Split('=')[0]));
        string everything = string.Join(';', pairs);
        Assert.Equal(everything, MemifConnectionString.Write(MemifConnectionString.Read(everything)));
    }

    [Fact]
    public void Parse_EveryKeyThatWorks_SetsItsProperty()
    {
        MemifInterfaceOptions options = MemifInterfaceOptions.Parse(
            "Socket=@zmemif;Role=Server;Id=7;Address=192.0.2.2/24;Gateway=192.0.2.1;Routes=10.0.0.0/8 via 192.0.2.9;"
            + "Neighbors=192.0.2.9 at 02:00:00:00:00:09;Mac=02-00-00-AB-CD-EF;Mode=Ethernet;"
            + "Mtu=9000;Queues=4;RingSize=256;BufferSize=4096;Secret=hush;Poll=Interrupt;Overflow=Drop;ConnectTimeout=2;"
            + "Stall=1000ms;EphemeralPorts=40000-40999;Shared=false;Checksum=Full;Loopback=false;Pcap=frames.pcap;"
            + "Faults=Loss:1e-3, seed:7");

        Assert.Equal("@zmemif", options.Socket);
        Assert.Equal(MemifRole.Server, options.Role);
        Assert.Equal(7u, options.Id);
        Assert.Equal(IPAddress.Parse("192.0.2.2"), options.Address);
        Assert.Equal(24, options.PrefixLength);
        Assert.Equal(IPAddress.Parse("192.0.2.1"), options.Gateway);
        Assert.Equal(IPAddress.Parse("192.0.2.9"), options.Routes[IPNetwork.Parse("10.0.0.0/8")]);
        Assert.Equal(new PhysicalAddress([2, 0, 0, 0, 0, 9]), options.Neighbors[IPAddress.Parse("192.0.2.9")]);
        Assert.Equal(new PhysicalAddress([2, 0, 0, 0xab, 0xcd, 0xef]), options.Mac);
        Assert.Equal(9000, options.Mtu);
        Assert.Equal(4, options.Queues);
        Assert.Equal(256, options.RingSize);
        Assert.Equal(4096, options.BufferSize);
        Assert.Equal("hush", options.Secret);
        Assert.Equal(MemifReceiveMode.Interrupt, options.Poll);
        Assert.Equal(TimeSpan.FromSeconds(2), options.ConnectTimeout);
        Assert.Equal(TimeSpan.FromSeconds(1), options.Stall);
        Assert.Equal((40000, 40999), (options.EphemeralPortFirst, options.EphemeralPortLast));
        Assert.Equal("frames.pcap", options.Pcap);
        Assert.Equal((0.001, 7), (options.Faults!.Loss, options.Faults.Seed));
    }

    [Fact]
    public void Parse_DefaultsSpelledOut_AreNotWrittenBack()
    {
        string spelledOut = Usable + ";" + string.Join(';', MemifConnectionStringKeys.All
            .Where(key => key.Default is not null).Select(key => $"{key.Name}={key.Default}"));

        Assert.Equal(Usable, MemifInterfaceOptions.Parse(spelledOut).ToString());
    }

    [Theory]
    [InlineData("  socket = /run/memif.sock ; ADDRESS=192.0.2.2/24 ")]
    [InlineData(";;Socket=/run/memif.sock;\n ;Address=192.0.2.2/24;\r\n")]
    [InlineData("Address=\"192.0.2.2/24\";Socket='/run/memif.sock'")]
    [InlineData("Socket=/run/memif.sock;Address=192.0.2.2/24;role=CLIENT;poll=adaptive;shared=FALSE")]
    public void Parse_CaseSpaceOrderAndQuotes_DoNotMatter(string connectionString) =>
        Assert.Equal(Usable, MemifInterfaceOptions.Parse(connectionString).ToString());

    [Theory]
    [InlineData("Socket=")]
    [InlineData("Socket=@")]
    [InlineData("Role=Master")]
    [InlineData("Role=1")]
    [InlineData("Role=Client,Server")]
    [InlineData("Id=-1")]
    [InlineData("Id=4294967296")]
    [InlineData("Id=0x10")]
    [InlineData("Address=192.0.2.2")]
    [InlineData("Address=192.0.2.2/")]
    [InlineData("Address=192.0.2.2/0")]
    [InlineData("Address=192.0.2.2/33")]
    [InlineData("Address=192.0.2/24")]
    [InlineData("Address=192.0.2.010/24")]
    [InlineData("Address=2001:db8::2/64")]
    [InlineData("Address=/24")]
    [InlineData("Gateway=")]
    [InlineData("Gateway=router")]
    [InlineData("Gateway=3221225985")]
    [InlineData("Gateway=::ffff:192.0.2.1")]
    [InlineData("Mac=02:00:00:00:00")]
    [InlineData("Mac=01:00:5e:00:00:01")]
    [InlineData("Mac=ff:ff:ff:ff:ff:ff")]
    [InlineData("Mac=00:00:00:00:00:00")]
    [InlineData("Mac=zz:00:00:00:00:01")]
    [InlineData("Mac=")]
    [InlineData("Routes=")]
    [InlineData("Routes=198.51.100.0/24")]
    [InlineData("Routes=198.51.100.1/24 via 192.0.2.9")]
    [InlineData("Routes=198.51.100.0/24 via router")]
    [InlineData("Routes=198.51.100.0/24 via 192.0.2.9,")]
    [InlineData("Routes=198.51.100.0/24 via 192.0.2.9, 198.51.100.0/24 via 192.0.2.8")]
    [InlineData("Neighbors=192.0.2.9")]
    [InlineData("Neighbors=192.0.2.9 at nobody")]
    [InlineData("Neighbors=192.0.2.9 at FF:FF:FF:FF:FF:FF")]
    [InlineData("Mode=Punt")]
    [InlineData("Mtu=67")]
    [InlineData("Mtu=65536")]
    [InlineData("Mtu=1,500")]
    [InlineData("Mtu=99999999999")]
    [InlineData("Queues=0")]
    [InlineData("Queues=256")]
    [InlineData("RingSize=0")]
    [InlineData("RingSize=1000")]
    [InlineData("RingSize=32768")]
    [InlineData("BufferSize=63")]
    [InlineData("BufferSize=65536")]
    [InlineData("Poll=Spin")]
    [InlineData("Overflow=Block")]
    [InlineData("ConnectTimeout=0")]
    [InlineData("ConnectTimeout=-5")]
    [InlineData("ConnectTimeout=5 minutes")]
    [InlineData("ConnectTimeout=1,5s")]
    [InlineData("ConnectTimeout=86401")]
    [InlineData("ConnectTimeout=99999999999999999999")]
    [InlineData("ConnectTimeout=00:00:99")]
    [InlineData("Stall=ms")]
    [InlineData("EphemeralPorts=40000")]
    [InlineData("EphemeralPorts=40999-40000")]
    [InlineData("EphemeralPorts=0-40000")]
    [InlineData("EphemeralPorts=40000-65536")]
    [InlineData("EphemeralPorts=1-2-3")]
    [InlineData("Shared=yes")]
    [InlineData("Checksum=None")]
    [InlineData("Loopback=1")]
    [InlineData("Pcap=")]
    [InlineData("Faults=")]
    [InlineData("Faults=loss")]
    [InlineData("Faults=loss:0.01,jitter:2ms")]
    public void Parse_BadValue_NamesKeyAndValueAndShowsAnExample(string pair)
    {
        string key = pair.Split('=')[0];

        string message = Refused(pair);

        Assert.StartsWith($"{pair} is not valid: expected ", message, StringComparison.Ordinal);
        Assert.Contains($"for example {key}=", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Key_ItsOwnExample_IsAGoodValue() =>
        Assert.All(MemifConnectionStringKeys.All, key => MemifConnectionString.Read($"{key.Name}={key.Example}"));

    [Theory]
    [InlineData("/", 107, true)]
    [InlineData("/", 108, false)]
    [InlineData("@", 108, true)]
    [InlineData("@", 109, false)]
    public void Parse_SocketName_FitsTheSocketAddress(string start, int bytes, bool fits)
    {
        string twoByteLetters = new('é', (bytes - 1) / 2);
        string name = start + twoByteLetters + new string('x', (bytes - 1) % 2);

        if (fits)
            Assert.Equal(name, MemifConnectionString.Read("Socket=" + name).Socket);
        else
            Assert.Contains("107 bytes", Refused("Socket=" + name), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("5", 5000)]
    [InlineData("5s", 5000)]
    [InlineData("5 S", 5000)]
    [InlineData("0.25", 250)]
    [InlineData("1.5s", 1500)]
    [InlineData("500ms", 500)]
    [InlineData("500 MS", 500)]
    [InlineData("00:00:05", 5000)]
    [InlineData("00:01:00.5", 60500)]
    [InlineData("86400", 86400000)]
    public void Parse_Time_TakesUnitsAndClockForm(string text, int milliseconds) =>
        Assert.Equal(
            TimeSpan.FromMilliseconds(milliseconds),
            MemifConnectionString.Read("ConnectTimeout=" + text).ConnectTimeout);

    [Theory]
    [InlineData("5000ms", "5s")]
    [InlineData("1.5", "1500ms")]
    [InlineData("00:00:00.0015000", "00:00:00.0015000")]
    public void Time_Written_IsShort(string text, string written) =>
        Assert.Equal(
            "Stall=" + written,
            MemifConnectionString.Write(MemifConnectionString.Read("Stall=" + text)));

    [Theory]
    [InlineData("40000-40999")]
    [InlineData("40000–40999")]
    [InlineData("40000 – 40999")]
    public void Parse_EphemeralPorts_TakesHyphenAndDash(string text) =>
        Assert.Equal(
            "EphemeralPorts=40000-40999",
            MemifConnectionString.Write(MemifConnectionString.Read("EphemeralPorts=" + text)));

    [Theory]
    [InlineData("Adress", "Address")]
    [InlineData("Sockets", "Socket")]
    [InlineData("ring_size", "RingSize")]
    [InlineData("gatway", "Gateway")]
    [InlineData("ConectTimout", "ConnectTimeout")]
    public void Parse_MistypedKey_SuggestsTheNearest(string mistyped, string meant) =>
        Assert.StartsWith($"'{mistyped}' is not a key; did you mean {meant}?", Refused(mistyped + "=1"), StringComparison.Ordinal);

    [Theory]
    [InlineData("Port")]
    [InlineData("Host")]
    [InlineData("x")]
    [InlineData("Server Name")]
    public void Parse_UnknownKey_ListsAllKeys(string unknown)
    {
        string message = Refused(unknown + "=1");

        Assert.StartsWith($"'{unknown}' is not a key; the keys are Socket, Role, ", message, StringComparison.Ordinal);
        Assert.All(MemifConnectionStringKeys.All, key => Assert.Contains(key.Name, message, StringComparison.Ordinal));
    }

    [Fact]
    public void Parse_KeyGivenTwice_IsRefusedEvenIfEqual() =>
        Assert.StartsWith("Mtu is given twice", Refused("Mtu=1500;mtu=1500"), StringComparison.Ordinal);

    [Theory]
    [InlineData("", "Socket is missing")]
    [InlineData("Address=192.0.2.2/24", "Socket is missing")]
    [InlineData("Socket=/run/memif.sock", "Address is missing")]
    [InlineData("Loopback=true", "Address is missing")]
    [InlineData(Usable + ";Loopback=true", "Socket is given")]
    [InlineData(Usable + ";Gateway=198.51.100.1", "Gateway=198.51.100.1 cannot be")]
    [InlineData(Usable + ";Routes=10.0.0.0/8 via 198.51.100.1", "Routes=198.51.100.1 cannot be")]
    public void Parse_GoodValuesThatDoNotGoTogether_AreRefusedAsByValidate(string connectionString, string message) =>
        Assert.StartsWith(message, Refused(connectionString), StringComparison.Ordinal);

    [Fact]
    public void Parse_Null_IsAnArgumentNullException() =>
        Assert.Throws<ArgumentNullException>("connectionString", () => MemifInterfaceOptions.Parse(null!));

    [Fact]
    public void Parse_InACultureOfCommas_ReadsAndWritesTheSame()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CommaCulture();
        try
        {
            Assert.Equal("1,5", 1.5.ToString(CultureInfo.CurrentCulture));
            MemifInterfaceOptions options = MemifInterfaceOptions.Parse(Usable + ";Id=1234567;Mtu=9000;ConnectTimeout=1.5");
            Assert.Equal(TimeSpan.FromMilliseconds(1500), options.ConnectTimeout);
            Assert.Equal(
                "Socket=/run/memif.sock;Id=1234567;Address=192.0.2.2/24;Mtu=9000;ConnectTimeout=1500ms",
                options.ToString());
            Assert.StartsWith("ConnectTimeout=1,5 is not valid", Refused("ConnectTimeout=1,5"), StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("abcdefghijklmnopqrstuvwx", true)]
    [InlineData("abcdefghijklmnopqrstuvwxy", false)]
    [InlineData("éééééééééééé", true)]
    [InlineData("ééééééééééééé", false)]
    [InlineData("a\0b", false)]
    [InlineData("", false)]
    public void Parse_Secret_FitsTheFieldAndIsNeverShown(string secret, bool fits)
    {
        if (fits)
            Assert.Equal(secret, MemifConnectionString.Read("Secret=" + secret).Secret);
        else
            Assert.StartsWith("Secret=*** is not valid: expected 1 to 24 bytes", Refused("Secret=" + secret), StringComparison.Ordinal);
    }

    [Fact]
    public void ToString_WithASecret_MasksIt()
    {
        MemifInterfaceOptions options = MemifInterfaceOptions.Parse(Usable + ";Secret=hush");

        Assert.Equal("hush", options.Secret);
        Assert.Equal(Usable + ";Secret=***", options.ToString());
    }

    private static CultureInfo CommaCulture()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.NumberFormat.NumberGroupSeparator = ".";
        culture.DateTimeFormat.TimeSeparator = ".";
        return culture;
    }

    private static string Refused(string text) =>
        Assert.Throws<ArgumentException>("connectionString", () => MemifInterfaceOptions.Parse(text)).Message;
}
