using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Contract;

/// <summary>What options are there, what they begin with, what becomes of 1, and the errors of the others (contract §16).</summary>
public abstract class SocketOptionContract(UdpBinding binding)
{
    private const SocketOptionLevel Socket = SocketOptionLevel.Socket;
    private const SocketOptionLevel IP = SocketOptionLevel.IP;
    private const SocketError Fine = SocketError.Success;
    private const SocketError Unknown = SocketError.OperationNotSupported;
    private const SocketError Fixed = SocketError.ProtocolOption;
    private const SocketError Wrong = SocketError.InvalidArgument;

    /// <summary>Level and name, the value of a new socket, and what setting it to 1 gives and leaves.</summary>
    public static TheoryData<SocketOptionLevel, SocketOptionName, int, SocketError, int> Numbers => new()
    {
        { Socket, SocketOptionName.Debug, 0, Fine, 1 },
        { Socket, SocketOptionName.AcceptConnection, 0, Fixed, 0 },
        { Socket, SocketOptionName.ReuseAddress, 0, Fine, 1 },
        { Socket, SocketOptionName.KeepAlive, 0, Fine, 1 },
        { Socket, SocketOptionName.DontRoute, 0, Fine, 1 },
        { Socket, SocketOptionName.Broadcast, 0, Fine, 1 },
        { Socket, SocketOptionName.OutOfBandInline, 0, Fine, 1 },
        { Socket, SocketOptionName.ExclusiveAddressUse, 1, Fine, 1 },
        { Socket, SocketOptionName.SendBuffer, 212_992, Fine, 4608 },
        { Socket, SocketOptionName.ReceiveBuffer, 212_992, Fine, 2304 },
        { Socket, SocketOptionName.SendLowWater, 1, Fixed, 1 },
        { Socket, SocketOptionName.ReceiveLowWater, 1, Fine, 1 },
        { Socket, SocketOptionName.SendTimeout, 0, Fine, 1 },
        { Socket, SocketOptionName.ReceiveTimeout, 0, Fine, 1 },
        { Socket, SocketOptionName.Error, 0, Fixed, 0 },
        { Socket, SocketOptionName.Type, 2, Fixed, 2 },
        { IP, SocketOptionName.IPOptions, 0, Fine, 1 },
        { IP, SocketOptionName.HeaderIncluded, 0, Fixed, 0 },
        { IP, SocketOptionName.TypeOfService, 0, Fine, 1 },
        { IP, SocketOptionName.IpTimeToLive, 64, Fine, 1 },
        { IP, SocketOptionName.MulticastInterface, 0, SocketError.AddressNotAvailable, 0 },
        { IP, SocketOptionName.MulticastTimeToLive, 1, Fine, 1 },
        { IP, SocketOptionName.MulticastLoopback, 1, Fine, 1 },
        { IP, SocketOptionName.DontFragment, 0, Fine, 1 },
        { IP, SocketOptionName.PacketInformation, 0, Fine, 1 },
    };

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Option_SetToOne_ReadsBack(SocketOptionLevel level, SocketOptionName name, int first, SocketError error, int then)
    {
        using ISocketUnderTest socket = New();

        Assert.Equal(first, socket.GetSocketOption(level, name));
        if (error == Fine)
            socket.SetSocketOption(level, name, 1);
        else
            Refusal.Is(error, () => socket.SetSocketOption(level, name, 1));
        Assert.Equal(then, socket.GetSocketOption(level, name));
    }

    /// <summary>Level and name, and the errors of reading it and of setting it to 1.</summary>
    public static TheoryData<SocketOptionLevel, SocketOptionName, SocketError, SocketError> Others => new()
    {
        { Socket, SocketOptionName.UseLoopback, Unknown, Unknown },
        { Socket, SocketOptionName.DontLinger, Unknown, Unknown },
        { Socket, SocketOptionName.ReuseUnicastPort, Unknown, Unknown },
        { Socket, SocketOptionName.UpdateAcceptContext, Unknown, Unknown },
        { Socket, SocketOptionName.UpdateConnectContext, Unknown, Unknown },
        { Socket, SocketOptionName.MaxConnections, Unknown, Unknown },
        { IP, SocketOptionName.AddMembership, Fixed, Wrong },
        { IP, SocketOptionName.DropMembership, Fixed, Wrong },
        { IP, SocketOptionName.AddSourceMembership, Fixed, Wrong },
        { IP, SocketOptionName.DropSourceMembership, Fixed, Wrong },
        { IP, SocketOptionName.BlockSource, Fixed, Wrong },
        { IP, SocketOptionName.UnblockSource, Fixed, Wrong },
        { IP, SocketOptionName.HopLimit, Unknown, Unknown },
        { IP, SocketOptionName.IPProtectionLevel, Unknown, Unknown },
        { IP, SocketOptionName.IPv6Only, Unknown, Unknown },
        { SocketOptionLevel.Udp, SocketOptionName.NoChecksum, Unknown, Unknown },
        { SocketOptionLevel.Udp, SocketOptionName.ChecksumCoverage, Unknown, Unknown },
        { SocketOptionLevel.IPv6, SocketOptionName.HopLimit, Unknown, Fixed },
        { SocketOptionLevel.IPv6, SocketOptionName.IPv6Only, Unknown, Fixed },
        { SocketOptionLevel.IPv6, SocketOptionName.PacketInformation, Unknown, Fixed },
        { SocketOptionLevel.IPv6, SocketOptionName.MulticastInterface, Unknown, Fixed },
        { SocketOptionLevel.Tcp, SocketOptionName.NoDelay, Unknown, Fixed },
        { SocketOptionLevel.Tcp, SocketOptionName.BsdUrgent, Unknown, Unknown },
        { (SocketOptionLevel)(-1), (SocketOptionName)(-1), Unknown, Unknown },
    };

    [Theory]
    [MemberData(nameof(Others))]
    public void Option_ThatIsNoNumberOrNone_SaysSo(SocketOptionLevel level, SocketOptionName name, SocketError onGet, SocketError onSet)
    {
        using ISocketUnderTest socket = New();

        Refusal.Is(onGet, () => socket.GetSocketOption(level, name));
        Refusal.Is(onSet, () => socket.SetSocketOption(level, name, 1));
    }

    [Theory]
    [InlineData(0, 2304, 4608)]
    [InlineData(2048, 4096, 4608)]
    [InlineData(65_536, 131_072, 131_072)]
    public void BufferSizes_ReadBackTwice(int size, int receive, int send)
    {
        using ISocketUnderTest socket = New();

        (socket.ReceiveBufferSize, socket.SendBufferSize) = (size, size);

        Assert.Equal((receive, send), (socket.ReceiveBufferSize, socket.SendBufferSize));
        Assert.Throws<ArgumentOutOfRangeException>("value", () => socket.ReceiveBufferSize = -1);
        Assert.Throws<ArgumentOutOfRangeException>("value", () => socket.SendBufferSize = -1);
    }

    [Fact]
    public void BufferSize_AnyNumberByOption_IsTheLargest()
    {
        using ISocketUnderTest socket = New();
        socket.ReceiveBufferSize = int.MaxValue;
        int largest = socket.ReceiveBufferSize;

        socket.ReceiveBufferSize = 0;
        socket.SetSocketOption(Socket, SocketOptionName.ReceiveBuffer, -1);

        Assert.Equal(largest, socket.ReceiveBufferSize);
        Assert.InRange(largest, 212_992 * 2, int.MaxValue);
    }

    [Fact]
    public void Ttl_OutOfRange_IsRefused()
    {
        using ISocketUnderTest socket = New();
        socket.Ttl = 255;

        Assert.Equal(255, socket.Ttl);
        Refusal.Is(Wrong, () => socket.Ttl = 0);
        Assert.Throws<ArgumentOutOfRangeException>("value", () => socket.Ttl = 256);
        Assert.Throws<ArgumentOutOfRangeException>("value", () => socket.Ttl = -1);
    }

    [Fact]
    public void MulticastTtl_OutOfRange_IsRefused()
    {
        using ISocketUnderTest socket = New();
        socket.SetSocketOption(IP, SocketOptionName.MulticastTimeToLive, 9);

        Refusal.Is(Wrong, () => socket.SetSocketOption(IP, SocketOptionName.MulticastTimeToLive, 256));
        Assert.Equal(9, socket.GetSocketOption(IP, SocketOptionName.MulticastTimeToLive));
        socket.SetSocketOption(IP, SocketOptionName.MulticastTimeToLive, -1);
        Assert.Equal(1, socket.GetSocketOption(IP, SocketOptionName.MulticastTimeToLive));
    }

    [Fact]
    public void DontFragment_IsThreeThings()
    {
        using ISocketUnderTest socket = New();

        Assert.Equal((false, 1), (socket.DontFragment, Raw(socket, 0, 10)));
        socket.DontFragment = true;
        Assert.Equal((true, 2), (socket.DontFragment, Raw(socket, 0, 10)));
        socket.DontFragment = false;
        Assert.Equal((false, 0), (socket.DontFragment, Raw(socket, 0, 10)));
    }

    [Fact]
    public void ReuseAddress_IsTheOtherSideOfExclusiveUse()
    {
        using ISocketUnderTest socket = New();
        socket.SetSocketOption(Socket, SocketOptionName.ReuseAddress, 1);
        Assert.Equal((false, 1, 1), (socket.ExclusiveAddressUse, Raw(socket, 1, 2), Raw(socket, 1, 15)));

        socket.ExclusiveAddressUse = true;
        Assert.Equal((0, 0), (Raw(socket, 1, 2), Raw(socket, 1, 15)));
    }

    [Fact]
    public void ExclusiveUse_OfABoundSocket_CannotBeChangedByItsProperty()
    {
        using ISocketUnderTest socket = binding.BoundSocket();

        Assert.Throws<InvalidOperationException>(() => socket.ExclusiveAddressUse = false);
        socket.SetSocketOption(Socket, SocketOptionName.ReuseAddress, 1);
        Assert.Equal(1, socket.GetSocketOption(Socket, SocketOptionName.ReuseAddress));
    }

    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(false, false, false)]
    public void Port_IsSharedByThoseWhoBothShare(bool first, bool second, bool isShared)
    {
        using ISocketUnderTest one = New();
        using ISocketUnderTest other = New();
        (one.ExclusiveAddressUse, other.ExclusiveAddressUse) = (!first, !second);
        one.Bind(new IPEndPoint(binding.Here.Address, 0));

        if (isShared)
            other.Bind(one.LocalEndPoint!);
        else
            Refusal.Is(SocketError.AddressAlreadyInUse, () => other.Bind(one.LocalEndPoint!));
    }

    [Fact]
    public void Linger_IsStored()
    {
        using ISocketUnderTest socket = New();
        Assert.Equal((false, 0), (socket.LingerState!.Enabled, socket.LingerState.LingerTime));

        socket.LingerState = new LingerOption(enable: true, seconds: 65_535);

        Assert.Equal((true, 65_535), (socket.LingerState.Enabled, socket.LingerState.LingerTime));
        Assert.Equal([1, 0, 0, 0, 0xFF, 0xFF, 0, 0], socket.GetSocketOption(Socket, SocketOptionName.Linger, 8));
        Assert.Throws<ArgumentException>("optionValue", () => socket.LingerState = new LingerOption(enable: true, seconds: -1));
        Assert.Throws<ArgumentException>("optionValue", () => socket.LingerState = new LingerOption(enable: true, seconds: 65_536));
        Assert.Throws<ArgumentNullException>("optionValue", () => socket.SetSocketOption(Socket, SocketOptionName.Linger, (object)null!));
        Refusal.Is(SocketError.Fault, () => socket.SetSocketOption(Socket, SocketOptionName.Linger, (byte[])null!));
        Refusal.Is(Wrong, () => socket.SetSocketOption(Socket, SocketOptionName.Linger, 1));
    }

    [Fact]
    public void Bytes_OfAnOption_AreCutToTheBuffer()
    {
        using ISocketUnderTest socket = New();
        byte[] two = new byte[2];

        socket.GetSocketOption(Socket, SocketOptionName.ReceiveBuffer, two);

        Assert.Equal([0, 64], two);
        Assert.Equal([0, 64, 3, 0], socket.GetSocketOption(Socket, SocketOptionName.ReceiveBuffer, 4));
        socket.SetSocketOption(Socket, SocketOptionName.ReceiveBuffer, BitConverter.GetBytes(8192));
        Assert.Equal(16_384, socket.ReceiveBufferSize);
    }

    [Fact]
    public void Bytes_OfATimeout_AreSecondsAndMicroseconds()
    {
        using ISocketUnderTest socket = New();

        socket.ReceiveTimeout = 2500;

        Assert.Equal([.. BitConverter.GetBytes(2L), .. BitConverter.GetBytes(500_000L)], socket.GetSocketOption(Socket, SocketOptionName.ReceiveTimeout, 16));
    }

    [Theory]
    [InlineData(0, 1, 184)]
    [InlineData(0, 11, 1)]
    [InlineData(1, 2, 1)]
    [InlineData(1, 15, 1)]
    [InlineData(17, 104, 1)]
    public void RawOption_ReadsBack(int level, int name, int value)
    {
        using ISocketUnderTest socket = New();

        socket.SetRawSocketOption(level, name, BitConverter.GetBytes(value));

        Assert.Equal(value, Raw(socket, level, name));
    }

    [Fact]
    public void RawOption_Device_HasToBeThere()
    {
        using ISocketUnderTest socket = New();

        Refusal.Is(SocketError.SocketError, () => socket.SetRawSocketOption(1, 25, "nosuchdevice"u8));
        Refusal.Is(SocketError.Fault, () => socket.SetRawSocketOption(1, 25, []));
        socket.SetRawSocketOption(1, 25, [0]);
    }

    [Fact]
    public void RawOption_ThatIsNone_IsNotSupported()
    {
        using ISocketUnderTest socket = New();

        Refusal.Is(Unknown, () => socket.GetRawSocketOption(-1, -1, new byte[4]));
        Refusal.Is(Fixed, () => socket.SetRawSocketOption(-1, -1, new byte[4]));
        Refusal.Is(Wrong, () => socket.SetRawSocketOption(1, 8, new byte[2]));
    }

    [Fact]
    public void MulticastInterface_TakesTheHostsOwn()
    {
        using ISocketUnderTest socket = New();
        byte[] local = binding.Here.Address.GetAddressBytes();

        socket.SetSocketOption(IP, SocketOptionName.MulticastInterface, IPAddress.HostToNetworkOrder(1));
        Assert.Equal(0, socket.GetSocketOption(IP, SocketOptionName.MulticastInterface));
        socket.SetSocketOption(IP, SocketOptionName.MulticastInterface, BitConverter.ToInt32(local));
        Assert.Equal(BitConverter.ToInt32(local), socket.GetSocketOption(IP, SocketOptionName.MulticastInterface));

        Refusal.Is(SocketError.AddressNotAvailable, () => socket.SetSocketOption(IP, SocketOptionName.MulticastInterface, IPAddress.HostToNetworkOrder(31_415)));
        Refusal.Is(SocketError.AddressNotAvailable, () => socket.SetSocketOption(IP, SocketOptionName.MulticastInterface, BitConverter.ToInt32(binding.NotLocal.GetAddressBytes())));
    }

    [Fact]
    public void IOControl_GivesTheLengthOfTheNextDatagramAndNoMore()
    {
        using ISocketUnderTest socket = binding.BoundSocket();
        byte[] answer = [9, 9, 9, 9];

        Assert.Equal(4, socket.IOControl(IOControlCode.DataToRead, null, answer));

        Assert.Equal([0, 0, 0, 0], answer);
        Refusal.Is(SocketError.Fault, () => socket.IOControl(IOControlCode.DataToRead, null, null));
        Refusal.Is(SocketError.Fault, () => socket.IOControl(IOControlCode.DataToRead, null, new byte[2]));
        Refusal.Is(SocketError.SocketError, () => socket.IOControl(IOControlCode.OobDataRead, null, answer));
        Assert.Throws<InvalidOperationException>(() => socket.IOControl(IOControlCode.NonBlockingIO, null, answer));
        Assert.Throws<PlatformNotSupportedException>(() => socket.IOControl(unchecked((IOControlCode)0x9800000C), null, answer));
    }

    [Fact]
    public void Options_OfAClosedSocket_AreDisposed()
    {
        ISocketUnderTest socket = New();
        socket.Close();

        Assert.Throws<ObjectDisposedException>(() => socket.Ttl);
        Assert.Throws<ObjectDisposedException>(() => socket.SetSocketOption(Socket, SocketOptionName.Broadcast, 1));
        Assert.Throws<ObjectDisposedException>(() => socket.SetSocketOption(Socket, SocketOptionName.Linger, (object)null!));
        Assert.Throws<ObjectDisposedException>(() => socket.GetRawSocketOption(1, 8, new byte[4]));
    }

    /// <summary>A number that the kernel was given by its own name.</summary>
    private static int Raw(ISocketUnderTest socket, int level, int name)
    {
        byte[] value = new byte[4];
        Assert.Equal(4, socket.GetRawSocketOption(level, name, value));
        return BitConverter.ToInt32(value);
    }

    private ISocketUnderTest New() => binding.Here.CreateSocket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
}

public sealed class KernelSocketOptionTests(KernelBinding binding) : SocketOptionContract(binding), IClassFixture<KernelBinding>;

public sealed class LoopbackSocketOptionTests(LoopbackBinding binding) : SocketOptionContract(binding), IClassFixture<LoopbackBinding>;

public sealed class PairSocketOptionTests(PairBinding binding) : SocketOptionContract(binding), IClassFixture<PairBinding>;
