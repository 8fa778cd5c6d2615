using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Contract;

/// <summary>Constructors of a socket that take no interface (contract §2.5).</summary>
public abstract class SocketConstructorContract(UdpBinding binding)
{
    private readonly IDefaultUdpHost _here = (IDefaultUdpHost)binding.Here;

    [Fact]
    public void New_FromNoHandle_IsRefused()
    {
        using var invalid = new SafeSocketHandle(-1, ownsHandle: false);
        using var neverSet = new SafeSocketHandle();

        Assert.Throws<ArgumentNullException>("handle", () => _here.CreateSocket((SafeSocketHandle)null!));
        Assert.Throws<ArgumentException>("handle", () => _here.CreateSocket(invalid));
        Assert.Throws<ArgumentException>("handle", () => _here.CreateSocket(neverSet));
    }

#pragma warning disable CA1416 // That it is not there on Linux is what is tested.
    [Fact]
    public void New_FromInformation_IsNotThereOnLinux() =>
        Assert.Throws<PlatformNotSupportedException>(() => _here.CreateSocket(default(SocketInformation)));
#pragma warning restore CA1416

    [Theory]
    [InlineData(AddressFamily.Unspecified, SocketError.ProtocolNotSupported)]
    [InlineData(AddressFamily.Unknown, SocketError.AddressFamilyNotSupported)]
    public void New_OtherFamily_SaysWhat(AddressFamily family, SocketError error) =>
        Refusal.Is(error, () => _here.CreateSocket(family, SocketType.Dgram, ProtocolType.Udp));
}

public sealed class KernelSocketConstructorTests(KernelBinding binding) : SocketConstructorContract(binding), IClassFixture<KernelBinding>;

public sealed class DefaultSocketConstructorTests(LoopbackBinding binding) : SocketConstructorContract(binding), IClassFixture<LoopbackBinding>
{
    /// <summary>The kernel's would be of IPv6, if the host has it.</summary>
    [Fact]
    public void New_WithoutFamily_IsOfIPv4()
    {
        using var socket = new MemifDatagramSocket(SocketType.Dgram, ProtocolType.Udp);

        Assert.Equal((AddressFamily.InterNetwork, ProtocolType.Udp), (socket.AddressFamily, socket.ProtocolType));
        Refusal.Is(SocketError.SocketNotSupported, () => _ = new MemifDatagramSocket(SocketType.Rdm, ProtocolType.Udp));
    }

    /// <summary>The kernel's would take it over.</summary>
    [Fact]
    public void New_FromASocketOfTheKernel_IsNotSupported()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);

        Assert.Throws<NotSupportedException>(() => new MemifDatagramSocket(socket.SafeHandle));
    }

    [Fact]
    public void ToString_IsTheTypesName()
    {
        using var socket = new MemifDatagramSocket(SocketType.Dgram, ProtocolType.Udp);

        Assert.Equal(typeof(MemifDatagramSocket).FullName, socket.ToString());
    }
}
