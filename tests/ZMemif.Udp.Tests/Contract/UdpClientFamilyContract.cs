using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Contract;

/// <summary><c>UdpClient</c>'s constructors with an address family (contract §5.1), which take no interface.</summary>
public abstract class UdpClientFamilyContract(UdpBinding binding)
{
    private readonly IDefaultUdpHost _here = (IDefaultUdpHost)binding.Here;

    [Fact]
    public void New_IPv4_IsNotBound()
    {
        using IUdpClientUnderTest client = _here.CreateClient(AddressFamily.InterNetwork);

        Assert.Equal(AddressFamily.InterNetwork, client.Socket!.AddressFamily);
        Assert.False(client.Socket.IsBound);
    }

    [Theory]
    [InlineData(AddressFamily.Unix)]
    [InlineData(AddressFamily.Unspecified)]
    public void New_OtherThanIP_IsRefused(AddressFamily other)
    {
        Assert.Throws<ArgumentException>("family", () => _here.CreateClient(other));
        Assert.Throws<ArgumentException>("family", () => _here.CreateClient(0, other));
    }

    [Fact]
    public void New_PortAndFamilyWrong_NamesThePort() =>
        Assert.Throws<ArgumentOutOfRangeException>("port", () => _here.CreateClient(-1, AddressFamily.Unix));

    [Fact]
    public void New_PortAndFamily_Binds()
    {
        using IUdpClientUnderTest client = _here.CreateClient(0, AddressFamily.InterNetwork);

        Assert.True(client.Socket!.IsBound);
        Assert.Equal(IPAddress.Any, client.LocalEndPoint().Address);
    }
}

public sealed class KernelUdpClientFamilyTests(KernelBinding binding) : UdpClientFamilyContract(binding), IClassFixture<KernelBinding>;

public sealed class DefaultUdpClientFamilyTests(LoopbackBinding binding) : UdpClientFamilyContract(binding), IClassFixture<LoopbackBinding>;
