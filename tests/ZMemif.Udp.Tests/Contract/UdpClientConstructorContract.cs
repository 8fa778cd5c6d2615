using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Contract;

/// <summary><c>UdpClient</c>'s constructors (contract §5.1), in the forms that every host has.</summary>
public abstract class UdpClientConstructorContract(UdpBinding binding)
{
    private IUdpHost Here => binding.Here;

    [Fact]
    public void New_NoArguments_IsNeitherBoundNorConnected()
    {
        using IUdpClientUnderTest client = Here.CreateClient();

        IDatagramSocketUnderTest socket = Assert.IsAssignableFrom<IDatagramSocketUnderTest>(client.Socket);
        Assert.Equal(
            (AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp),
            (socket.AddressFamily, socket.SocketType, socket.ProtocolType));
        Assert.False(socket.IsBound);
        Assert.False(socket.Connected);
        Assert.Null(socket.LocalEndPoint);
        Assert.Null(socket.RemoteEndPoint);
        Assert.False(client.IsActive);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(65536)]
    public void New_PortOutOfRange_IsRefused(int outOfRange) =>
        Assert.Throws<ArgumentOutOfRangeException>("port", () => Here.CreateClient(outOfRange));

    [Fact]
    public void New_PortZero_BindsAnEphemeralPortOfEveryAddress()
    {
        using IUdpClientUnderTest client = Here.CreateClient(0);

        Assert.True(client.Socket!.IsBound);
        Assert.Equal(IPAddress.Any, client.LocalEndPoint().Address);
        Assert.InRange(client.LocalEndPoint().Port, 32768, 60999);
        Assert.False(client.Socket.Connected);
    }

    [Fact]
    public void New_PortInUse_IsRefusedUntilItIsFree()
    {
        IUdpClientUnderTest first = Here.CreateClient(0);
        int port = first.LocalEndPoint().Port;

        Refusal.Is(SocketError.AddressAlreadyInUse, () => Here.CreateClient(port));
        first.Close();

        using IUdpClientUnderTest second = Here.CreateClient(port);
        Assert.Equal(port, second.LocalEndPoint().Port);
    }

    [Fact]
    public void New_NullEndPoint_NamesItLocalEP() =>
        Assert.Throws<ArgumentNullException>("localEP", () => Here.CreateClient((IPEndPoint)null!));

    [Fact]
    public void New_OwnAddress_Binds()
    {
        var localEP = new IPEndPoint(Here.Address, 0);
        using IUdpClientUnderTest client = Here.CreateClient(localEP);

        Assert.Equal(Here.Address, client.LocalEndPoint().Address);
        Assert.NotEqual(0, client.LocalEndPoint().Port);
        Assert.Equal(0, localEP.Port);
    }

    [Fact]
    public void New_AnotherHostsAddress_IsRefused() =>
        Refusal.Is(SocketError.AddressNotAvailable, () => Here.CreateClient(new IPEndPoint(binding.NotLocal, 0)));

    [Theory]
    [InlineData("255.255.255.255")]
    [InlineData("239.1.2.3")]
    [InlineData("127.0.0.2")]
    public void New_AddressToListenOn_Binds(string address)
    {
        using IUdpClientUnderTest client = Here.CreateClient(new IPEndPoint(IPAddress.Parse(address), 0));

        Assert.Equal(address, client.LocalEndPoint().Address.ToString());
    }

    [Fact]
    public void New_NullHost_IsRefusedBeforeThePort() =>
        Assert.Throws<ArgumentNullException>("hostname", () => Here.CreateClient(null!, -1));

    [Theory]
    [InlineData(-1)]
    [InlineData(66000)]
    public void New_HostAndPortOutOfRange_IsRefused(int outOfRange) =>
        Assert.Throws<ArgumentOutOfRangeException>("port", () => Here.CreateClient("127.0.0.1", outOfRange));

    [Fact]
    public void New_HostAndPort_Connects()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        IPEndPoint remote = peer.LocalEndPoint();

        using IUdpClientUnderTest client = Here.CreateClient(remote.Address.ToString(), remote.Port);

        Assert.True(client.IsActive);
        Assert.True(client.Socket!.Connected);
        Assert.Equal(remote, client.Socket.RemoteEndPoint);
        Assert.Equal(Here.Address, client.LocalEndPoint().Address);
    }

    [Fact]
    public void New_HostName_IsResolved()
    {
        using IUdpClientUnderTest client = Here.CreateClient("localhost", 9);

        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 9), client.Socket!.RemoteEndPoint);
    }

    [Fact]
    public void New_HostAndPortZero_IsAccepted()
    {
        using IUdpClientUnderTest client = Here.CreateClient("127.0.0.1", 0);

        Assert.True(client.IsActive);
    }

    [Fact]
    public void New_LimitedBroadcast_IsNotPermittedByItself()
    {
        SocketException refusal = Assert.Throws<SocketException>(() => Here.CreateClient("255.255.255.255", 9));

        // A kernel that has only its loopback says first that there is no route.
        Assert.Contains(refusal.SocketErrorCode, (SocketError[])[SocketError.AccessDenied, SocketError.NetworkUnreachable]);
        Assert.EndsWith(" 255.255.255.255:9", refusal.Message, StringComparison.Ordinal);
    }
}

public sealed class KernelUdpClientConstructorTests(KernelBinding binding) : UdpClientConstructorContract(binding), IClassFixture<KernelBinding>;

public sealed class LoopbackUdpClientConstructorTests(LoopbackBinding binding) : UdpClientConstructorContract(binding), IClassFixture<LoopbackBinding>;

public sealed class PairUdpClientConstructorTests(PairBinding binding) : UdpClientConstructorContract(binding), IClassFixture<PairBinding>;
