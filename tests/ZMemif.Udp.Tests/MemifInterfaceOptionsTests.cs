using System.Net;
using System.Net.NetworkInformation;

namespace ZMemif.Udp.Tests;

/// <summary>Options set as properties, and the rules that hold between them.</summary>
public sealed class MemifInterfaceOptionsTests
{
    [Fact]
    public void Options_NothingSet_HaveTheDocumentedDefaults()
    {
        var options = new MemifInterfaceOptions();

        Assert.Null(options.Socket);
        Assert.Equal(MemifRole.Client, options.Role);
        Assert.Equal(0u, options.Id);
        Assert.Null(options.Address);
        Assert.Equal(0, options.PrefixLength);
        Assert.Null(options.Gateway);
        Assert.Empty(options.Routes);
        Assert.Empty(options.Neighbors);
        Assert.Null(options.Mac);
        Assert.Equal(MemifMode.Ethernet, options.Mode);
        Assert.Equal(1500, options.Mtu);
        Assert.Equal(1, options.Queues);
        Assert.Equal(1024, options.RingSize);
        Assert.Equal(2048, options.BufferSize);
        Assert.Null(options.Secret);
        Assert.Equal(MemifReceiveMode.Adaptive, options.Poll);
        Assert.Equal(MemifOverflow.Drop, options.Overflow);
        Assert.Equal(TimeSpan.FromSeconds(5), options.ConnectTimeout);
        Assert.Equal(TimeSpan.FromSeconds(1), options.Stall);
        Assert.Equal(32768, options.EphemeralPortFirst);
        Assert.Equal(60999, options.EphemeralPortLast);
        Assert.False(options.Shared);
        Assert.Equal(MemifChecksumMode.Full, options.Checksum);
        Assert.False(options.Loopback);
        Assert.Null(options.Pcap);
        Assert.Null(options.Faults);
    }

    [Fact]
    public void Validate_SocketAndAddress_AreEnough() => Usable().Validate();

    [Fact]
    public void Validate_LoopbackAndAddress_AreEnough()
    {
        MemifInterfaceOptions options = Usable();
        options.Socket = null;
        options.Loopback = true;

        options.Validate();
    }

    [Fact]
    public void Validate_NoSocket_ShowsBothCures()
    {
        MemifInterfaceOptions options = Usable();
        options.Socket = null;

        string message = Refused("Socket", options);

        Assert.Contains("Socket=/run/memif.sock", message, StringComparison.Ordinal);
        Assert.Contains("Loopback=true", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_NoAddress_ShowsAnExample()
    {
        MemifInterfaceOptions options = Usable();
        options.Address = null;

        Assert.Contains("Address=192.0.2.2/24", Refused("Address", options), StringComparison.Ordinal);
    }

    public static TheoryData<string, Action<MemifInterfaceOptions>> BadProperties => new()
    {
        { "Role", options => options.Role = (MemifRole)2 },
        { "Mode", options => options.Mode = (MemifMode)2 },
        { "Poll", options => options.Poll = (MemifReceiveMode)3 },
        { "Overflow", options => options.Overflow = (MemifOverflow)2 },
        { "Checksum", options => options.Checksum = (MemifChecksumMode)2 },
        { "Address", options => options.Address = IPAddress.IPv6Loopback },
        { "Address", options => options.PrefixLength = 0 },
        { "Address", options => options.PrefixLength = 33 },
        { "Gateway", options => options.Gateway = IPAddress.Parse("2001:db8::1") },
        { "Routes", options => options.Routes[IPNetwork.Parse("2001:db8::/32")] = IPAddress.Parse("192.0.2.9") },
        { "Routes", options => options.Routes[IPNetwork.Parse("10.0.0.0/8")] = IPAddress.IPv6Loopback },
        { "Neighbors", options => options.Neighbors[IPAddress.IPv6Loopback] = PhysicalAddress.Parse("02-00-00-00-00-09") },
        { "Neighbors", options => options.Neighbors[IPAddress.Parse("192.0.2.9")] = PhysicalAddress.Parse("FF-FF-FF-FF-FF-FF") },
        { "Mac", options => options.Mac = PhysicalAddress.None },
        { "Mac", options => options.Mac = new PhysicalAddress([2, 0, 0, 0, 0, 0, 0, 1]) },
        { "Mtu", options => options.Mtu = -1 },
        { "Queues", options => options.Queues = 0 },
        { "RingSize", options => options.RingSize = -1024 },
        { "BufferSize", options => options.BufferSize = int.MaxValue },
        { "Socket", options => options.Socket = "" },
        { "Secret", options => options.Secret = "" },
        { "Pcap", options => options.Pcap = "" },
        { "Faults", options => options.Faults = new MemifFaults { Loss = -0.1 } },
        { "Faults", options => options.Faults = new MemifFaults { Full = double.NaN } },
        { "Faults", options => options.Faults = new MemifFaults { Delay = TimeSpan.FromTicks(-1) } },
        { "Faults", options => options.Faults = new MemifFaults { Delay = TimeSpan.FromSeconds(11) } },
        { "ConnectTimeout", options => options.ConnectTimeout = Timeout.InfiniteTimeSpan },
        { "Stall", options => options.Stall = TimeSpan.Zero },
        { "EphemeralPorts", options => options.EphemeralPortFirst = 0 },
        { "EphemeralPorts", options => options.EphemeralPortFirst = 61000 },
        { "EphemeralPorts", options => options.EphemeralPortLast = 65536 },
    };

    [Theory]
    [MemberData(nameof(BadProperties), DisableDiscoveryEnumeration = true)]
    public void Validate_BadProperty_NamesItsKeyAndWhatIsExpected(string key, Action<MemifInterfaceOptions> spoil)
    {
        ArgumentNullException.ThrowIfNull(spoil);
        MemifInterfaceOptions options = Usable();
        spoil(options);

        string message = Refused(key, options);

        Assert.StartsWith(key + "=", message, StringComparison.Ordinal);
        Assert.Contains("expected", message, StringComparison.Ordinal);
        Assert.Contains($"for example {key}=", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.0.0.0", 24, "unspecified")]
    [InlineData("127.0.0.1", 8, "loopback")]
    [InlineData("224.0.0.1", 24, "multicast")]
    [InlineData("239.255.255.255", 32, "multicast")]
    [InlineData("255.255.255.255", 32, "limited broadcast")]
    [InlineData("192.0.2.0", 24, "network address")]
    [InlineData("192.0.2.255", 24, "broadcast address of its prefix")]
    [InlineData("192.0.2.4", 30, "network address")]
    [InlineData("192.0.2.7", 30, "broadcast address of its prefix")]
    [InlineData("10.0.0.0", 1, "")]
    [InlineData("192.0.2.0", 31, "")]
    [InlineData("192.0.2.255", 31, "")]
    [InlineData("192.0.2.255", 32, "")]
    [InlineData("192.0.2.255", 23, "")]
    [InlineData("192.0.3.255", 23, "broadcast address of its prefix")]
    public void Validate_Address_MustBeAUnicastHost(string address, int prefixLength, string whyNot)
    {
        MemifInterfaceOptions options = Usable();
        options.Address = IPAddress.Parse(address);
        options.PrefixLength = prefixLength;

        if (whyNot.Length == 0)
            options.Validate();
        else
            Assert.Contains(whyNot, Refused("Address", options), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("192.0.2.1", 24, "")]
    [InlineData("192.0.2.3", 31, "")]
    [InlineData("192.0.2.2", 24, "own address")]
    [InlineData("192.0.3.1", 24, "outside the prefix")]
    [InlineData("192.0.3.1", 22, "")]
    [InlineData("192.0.2.3", 32, "outside the prefix")]
    [InlineData("192.0.2.0", 24, "network address")]
    [InlineData("192.0.2.255", 24, "broadcast address")]
    public void Validate_Gateway_MustBeAnotherHostOfThePrefix(string gateway, int prefixLength, string whyNot)
    {
        MemifInterfaceOptions options = Usable();
        options.PrefixLength = prefixLength;
        options.Gateway = IPAddress.Parse(gateway);

        if (whyNot.Length == 0)
            options.Validate();
        else
            Assert.Contains(whyNot, Refused("Gateway", options), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("192.0.2.2", "own address")]
    [InlineData("192.0.3.1", "outside the prefix")]
    [InlineData("192.0.2.255", "broadcast address")]
    public void Validate_NextHopsAndNeighbors_MustBeOtherHostsOfThePrefix(string address, string whyNot)
    {
        MemifInterfaceOptions routing = Usable();
        routing.Routes[IPNetwork.Parse("10.0.0.0/8")] = IPAddress.Parse("192.0.2.9");
        routing.Routes[IPNetwork.Parse("10.1.0.0/16")] = IPAddress.Parse(address);
        MemifInterfaceOptions knowing = Usable();
        knowing.Neighbors[IPAddress.Parse("192.0.2.9")] = PhysicalAddress.Parse("02-00-00-00-00-09");
        knowing.Neighbors[IPAddress.Parse(address)] = PhysicalAddress.Parse("02-00-00-00-00-0A");

        Assert.Contains(whyNot, Refused("Routes", routing), StringComparison.Ordinal);
        Assert.Contains(whyNot, Refused("Neighbors", knowing), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Mac")]
    [InlineData("Neighbors")]
    public void Validate_StationsWithBarePackets_AreRefused(string key)
    {
        MemifInterfaceOptions options = Usable();
        options.Mode = MemifMode.Ip;
        options.Validate();
        PhysicalAddress mac = PhysicalAddress.Parse("02-00-00-00-00-09");
        if (key == "Mac")
            options.Mac = mac;
        else
            options.Neighbors[IPAddress.Parse("192.0.2.9")] = mac;

        Assert.Contains("Mode=Ip", Refused(key, options), StringComparison.Ordinal);
    }

    public static TheoryData<string, Action<MemifInterfaceOptions>> PeerProperties => new()
    {
        { "Socket", options => options.Socket = "/run/memif.sock" },
        { "Role", options => options.Role = MemifRole.Server },
        { "Id", options => options.Id = 1 },
        { "Queues", options => options.Queues = 2 },
        { "RingSize", options => options.RingSize = 512 },
        { "BufferSize", options => options.BufferSize = 4096 },
        { "Secret", options => options.Secret = "hush" },
        { "Mode", options => options.Mode = MemifMode.Ip },
        { "Mac", options => options.Mac = PhysicalAddress.Parse("02-00-00-00-00-09") },
        { "Routes", options => options.Routes[IPNetwork.Parse("10.0.0.0/8")] = IPAddress.Parse("192.0.2.9") },
        { "Neighbors", options => options.Neighbors[IPAddress.Parse("192.0.2.9")] = PhysicalAddress.Parse("02-00-00-00-00-09") },
        { "Poll", options => options.Poll = MemifReceiveMode.Busy },
        { "ConnectTimeout", options => options.ConnectTimeout = TimeSpan.FromSeconds(9) },
        { "Stall", options => options.Stall = TimeSpan.FromSeconds(9) },
        { "Shared", options => options.Shared = true },
        { "Checksum", options => options.Checksum = MemifChecksumMode.Offload },
        { "Pcap", options => options.Pcap = "frames.pcap" },
        { "Faults", options => options.Faults = new MemifFaults { Loss = 0.5 } },
    };

    [Theory]
    [MemberData(nameof(PeerProperties), DisableDiscoveryEnumeration = true)]
    public void Validate_LoopbackWithAPeersKey_IsRefused(string key, Action<MemifInterfaceOptions> set)
    {
        ArgumentNullException.ThrowIfNull(set);
        MemifInterfaceOptions options = Usable();
        options.Socket = null;
        options.Loopback = true;
        set(options);

        string message = Refused(key, options);

        Assert.Contains("Loopback=true", message, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 1514, true)]
    [InlineData(1, 1513, false)]
    [InlineData(32, 64, true)]
    [InlineData(16, 64, false)]
    public void Validate_Ring_HoldsAtLeastOneFrameOfTheMtu(int ringSize, int bufferSize, bool fits)
    {
        MemifInterfaceOptions options = Usable();
        options.RingSize = ringSize;
        options.BufferSize = bufferSize;

        if (fits)
            options.Validate();
        else
            Assert.Contains("BufferSize", Refused("RingSize", options), StringComparison.Ordinal);
    }

    private static MemifInterfaceOptions Usable() => new()
    {
        Socket = "/run/memif.sock",
        Address = IPAddress.Parse("192.0.2.2"),
        PrefixLength = 24,
    };

    private static string Refused(string key, MemifInterfaceOptions options)
    {
        ArgumentException refusal = Assert.Throws<ArgumentException>(options.Validate);
        Assert.Equal(key, refusal.ParamName);
        return refusal.Message;
    }
}
