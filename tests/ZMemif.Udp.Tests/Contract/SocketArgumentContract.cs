using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Contract;

/// <summary>Arguments that a socket refuses, by which name, and which of several first (contract §3, §6).</summary>
public abstract class SocketArgumentContract(UdpBinding binding)
{
    private static readonly byte[] s_four = new byte[4];
    private static readonly IPEndPoint s_v6 = new(IPAddress.IPv6Loopback, 9);

    private delegate void CallOnPart(ISocketUnderTest socket, byte[] buffer, int offset, int size);

    private static CallOnPart[] CallsOnParts { get; } =
    [
        (socket, buffer, offset, size) => socket.Send(buffer, offset, size, SocketFlags.None),
        (socket, buffer, offset, size) => socket.Send(buffer, offset, size, SocketFlags.None, out _),
        (socket, buffer, offset, size) => socket.SendTo(buffer, offset, size, SocketFlags.None, null!),
        (socket, buffer, offset, size) => socket.Receive(buffer, offset, size, SocketFlags.None),
        (socket, buffer, offset, size) => socket.Receive(buffer, offset, size, SocketFlags.None, out _),
        (socket, buffer, offset, size) =>
        {
            EndPoint remote = s_v6;
            socket.ReceiveFrom(buffer, offset, size, SocketFlags.None, ref remote);
        },
        (socket, buffer, offset, size) =>
        {
            EndPoint remote = s_v6;
            SocketFlags flags = SocketFlags.None;
            socket.ReceiveMessageFrom(buffer, offset, size, ref flags, ref remote, out _);
        },
    ];

    private static Action<ISocketUnderTest, byte[], int>[] CallsOnStarts { get; } =
    [
        (socket, buffer, size) => socket.Send(buffer, size, SocketFlags.None),
        (socket, buffer, size) => socket.SendTo(buffer, size, SocketFlags.None, null!),
        (socket, buffer, size) => socket.Receive(buffer, size, SocketFlags.None),
        (socket, buffer, size) =>
        {
            EndPoint remote = s_v6;
            socket.ReceiveFrom(buffer, size, SocketFlags.None, ref remote);
        },
    ];

    private static Action<ISocketUnderTest, byte[]>[] CallsOnArrays { get; } =
    [
        (socket, buffer) => socket.Send(buffer),
        (socket, buffer) => socket.Send(buffer, SocketFlags.None),
        (socket, buffer) => socket.SendTo(buffer, null!),
        (socket, buffer) => socket.SendTo(buffer, SocketFlags.None, null!),
        (socket, buffer) => socket.Receive(buffer),
        (socket, buffer) => socket.Receive(buffer, SocketFlags.None),
        (socket, buffer) =>
        {
            EndPoint remote = s_v6;
            socket.ReceiveFrom(buffer, ref remote);
        },
        (socket, buffer) =>
        {
            EndPoint remote = s_v6;
            socket.ReceiveFrom(buffer, SocketFlags.None, ref remote);
        },
    ];

    private static Action<ISocketUnderTest, IList<ArraySegment<byte>>>[] CallsOnLists { get; } =
    [
        (socket, buffers) => socket.Send(buffers),
        (socket, buffers) => socket.Send(buffers, SocketFlags.None),
        (socket, buffers) => socket.Send(buffers, SocketFlags.None, out _),
        (socket, buffers) => socket.Receive(buffers),
        (socket, buffers) => socket.Receive(buffers, SocketFlags.None),
        (socket, buffers) => socket.Receive(buffers, SocketFlags.None, out _),
    ];

    private static Func<ISocketUnderTest, IList<ArraySegment<byte>>, Task>[] AsyncCallsOnLists { get; } =
    [
        (socket, buffers) => socket.SendAsync(buffers),
        (socket, buffers) => socket.SendAsync(buffers, SocketFlags.None),
        (socket, buffers) => socket.ReceiveAsync(buffers),
        (socket, buffers) => socket.ReceiveAsync(buffers, SocketFlags.None),
    ];

    private static Func<ISocketUnderTest, ArraySegment<byte>, EndPoint, Task>[] AsyncCallsOnSegments { get; } =
    [
        (socket, buffer, _) => socket.SendAsync(buffer),
        (socket, buffer, _) => socket.SendAsync(buffer, SocketFlags.None),
        (socket, buffer, remote) => socket.SendToAsync(buffer, remote),
        (socket, buffer, remote) => socket.SendToAsync(buffer, SocketFlags.None, remote),
        (socket, buffer, _) => socket.ReceiveAsync(buffer),
        (socket, buffer, _) => socket.ReceiveAsync(buffer, SocketFlags.None),
        (socket, buffer, remote) => socket.ReceiveFromAsync(buffer, remote),
        (socket, buffer, remote) => socket.ReceiveFromAsync(buffer, SocketFlags.None, remote),
        (socket, buffer, remote) => socket.ReceiveMessageFromAsync(buffer, remote),
        (socket, buffer, remote) => socket.ReceiveMessageFromAsync(buffer, SocketFlags.None, remote),
    ];

    [Fact]
    public void Array_Null_IsNamedBeforeAnythingElse()
    {
        using ISocketUnderTest socket = binding.UnboundSocket();

        Assert.All(CallsOnArrays, call => Assert.Throws<ArgumentNullException>("buffer", () => call(socket, null!)));
        Assert.All(CallsOnStarts, call => Assert.Throws<ArgumentNullException>("buffer", () => call(socket, null!, -1)));
        Assert.All(CallsOnParts, call => Assert.Throws<ArgumentNullException>("buffer", () => call(socket, null!, -1, -1)));
    }

    [Theory]
    [InlineData(-1, -1, "offset")]
    [InlineData(5, -1, "offset")]
    [InlineData(0, -1, "size")]
    [InlineData(0, 5, "size")]
    [InlineData(3, 2, "size")]
    [InlineData(4, 1, "size")]
    public void Array_NoSuchPart_IsNamedBeforeTheEndPoint(int offset, int size, string name)
    {
        using ISocketUnderTest socket = binding.UnboundSocket();

        Assert.All(CallsOnParts, call => Assert.Throws<ArgumentOutOfRangeException>(name, () => call(socket, s_four, offset, size)));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(5)]
    public void Array_SizeOutOfRange_IsNamedBeforeTheEndPoint(int size)
    {
        using ISocketUnderTest socket = binding.UnboundSocket();

        Assert.All(CallsOnStarts, call => Assert.Throws<ArgumentOutOfRangeException>(nameof(size), () => call(socket, s_four, size)));
    }

    [Fact]
    public void List_NoneOrEmptyOrOfNothing_IsNamed()
    {
        using ISocketUnderTest socket = binding.UnboundSocket();

        foreach (Action<ISocketUnderTest, IList<ArraySegment<byte>>> call in CallsOnLists)
        {
            Assert.Throws<ArgumentNullException>("buffers", () => call(socket, null!));
            Assert.Throws<ArgumentException>("buffers", () => call(socket, []));
            Assert.Throws<ArgumentNullException>("segment", () => call(socket, [s_four, default]));
        }

        foreach (Func<ISocketUnderTest, IList<ArraySegment<byte>>, Task> call in AsyncCallsOnLists)
        {
            Assert.Equal("buffers", Refusal.IsSync<ArgumentNullException>(() => call(socket, null!)).ParamName);
            Assert.Equal("buffers", Refusal.IsSync<ArgumentException>(() => call(socket, [])).ParamName);
            Assert.Equal("segment", Refusal.IsSync<ArgumentNullException>(() => call(socket, [s_four, default])).ParamName);
        }
    }

    [Fact]
    public void Segment_OfNothing_IsNamedBeforeTheEndPoint()
    {
        using ISocketUnderTest socket = binding.BoundSocket();

        Assert.All(
            AsyncCallsOnSegments,
            call => Assert.Equal("Array", Refusal.IsSync<ArgumentNullException>(() => call(socket, default, null!)).ParamName));
    }

    [Fact]
    public void Segment_UnusableEndPoint_IsNamed()
    {
        using ISocketUnderTest socket = binding.BoundSocket();
        var buffer = new ArraySegment<byte>(s_four);

        Assert.Equal("remoteEP", Refusal.IsSync<ArgumentNullException>(() => socket.SendToAsync(buffer, null!)).ParamName);
        Assert.Equal("remoteEndPoint", Refusal.IsSync<ArgumentNullException>(() => socket.ReceiveFromAsync(buffer, null!)).ParamName);
        Assert.Equal("remoteEndPoint", Refusal.IsSync<ArgumentException>(() => socket.ReceiveFromAsync(buffer, s_v6)).ParamName);
        Assert.Equal("remoteEndPoint", Refusal.IsSync<ArgumentNullException>(() => socket.ReceiveMessageFromAsync(buffer, null!)).ParamName);
        Assert.Equal("remoteEndPoint", Refusal.IsSync<ArgumentException>(() => socket.ReceiveMessageFromAsync(buffer, s_v6)).ParamName);
    }

    [Fact]
    public void ReceiveFrom_NotBound_IsRefusedInEachForm()
    {
        using ISocketUnderTest socket = binding.UnboundSocket();
        EndPoint remote = new IPEndPoint(IPAddress.Any, 0);
        SocketFlags flags = SocketFlags.None;
        var buffer = new ArraySegment<byte>(s_four);

        Assert.Throws<InvalidOperationException>(() => socket.ReceiveFrom(s_four, ref remote));
        Assert.Throws<InvalidOperationException>(() => socket.ReceiveMessageFrom(s_four, 0, 4, ref flags, ref remote, out _));
        Refusal.IsSync<InvalidOperationException>(() => socket.ReceiveFromAsync(buffer, remote));
        Refusal.IsSync<InvalidOperationException>(() => socket.ReceiveMessageFromAsync(buffer, remote));
    }

    [Fact]
    public void SocketAddress_NoneOrTooShort_IsNamed()
    {
        using ISocketUnderTest socket = binding.BoundSocket();
        var tooShort = new SocketAddress(AddressFamily.InterNetwork, 2);
        SocketAddress none = null!;

        Assert.Throws<ArgumentNullException>("socketAddress", () => socket.SendTo(s_four, SocketFlags.None, none));
        Assert.Throws<ArgumentNullException>("receivedAddress", () => socket.ReceiveFrom(s_four, SocketFlags.None, none));
        Assert.Throws<ArgumentOutOfRangeException>("receivedAddress", () => socket.ReceiveFrom(s_four, SocketFlags.None, tooShort));
        Refusal.Is(SocketError.AddressFamilyNotSupported, () => socket.SendTo(s_four, SocketFlags.None, s_v6.Serialize()));
    }

    [Fact]
    public void Disposed_ArgumentsWrongToo_IsDisposedUnlessATaskComesOfIt()
    {
        ISocketUnderTest socket = binding.BoundSocket();
        socket.Dispose();

        Assert.All(CallsOnArrays, call => Assert.Throws<ObjectDisposedException>(() => call(socket, null!)));
        Assert.All(CallsOnStarts, call => Assert.Throws<ObjectDisposedException>(() => call(socket, null!, -1)));
        Assert.All(CallsOnParts, call => Assert.Throws<ObjectDisposedException>(() => call(socket, null!, -1, -1)));
        Assert.All(CallsOnLists, call => Assert.Throws<ObjectDisposedException>(() => call(socket, null!)));
        foreach (Func<ISocketUnderTest, IList<ArraySegment<byte>>, Task> call in AsyncCallsOnLists)
        {
            Refusal.IsSync<ArgumentNullException>(() => call(socket, null!));
            Refusal.IsSync<ObjectDisposedException>(() => call(socket, [s_four]));
        }

        foreach (Func<ISocketUnderTest, ArraySegment<byte>, EndPoint, Task> call in AsyncCallsOnSegments)
        {
            Refusal.IsSync<ArgumentNullException>(() => call(socket, default, s_v6));
            Refusal.IsSync<ObjectDisposedException>(() => call(socket, s_four, new IPEndPoint(IPAddress.Loopback, 9)));
        }
    }
}

public sealed class KernelSocketArgumentTests(KernelBinding binding) : SocketArgumentContract(binding), IClassFixture<KernelBinding>;

public sealed class LoopbackSocketArgumentTests(LoopbackBinding binding) : SocketArgumentContract(binding), IClassFixture<LoopbackBinding>;

public sealed class PairSocketArgumentTests(PairBinding binding) : SocketArgumentContract(binding), IClassFixture<PairBinding>;
