using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Contract;

/// <summary>Buffers of <c>SocketAsyncEventArgs</c> (contract §14): one, or a list of them.</summary>
public abstract class EventArgsBufferContract(UdpBinding binding)
{
    private static readonly ArraySegment<byte>[] s_list = [new byte[1], new byte[2]];

    [Fact]
    public void New_HasNothing()
    {
        using IEventArgsUnderTest e = binding.Here.CreateEventArgs();

        Assert.Null(e.Buffer);
        Assert.Null(e.BufferList);
        Assert.Equal((0, 0, 0), (e.Offset, e.Count, e.MemoryBuffer.Length));
        Assert.Equal((SocketError.Success, SocketAsyncOperation.None, 0), (e.SocketError, e.LastOperation, e.BytesTransferred));
        Assert.Null(e.Connected);
        Assert.Null(e.ConnectByNameError);
        Assert.Equal(default, e.ReceiveMessageFromPacketInfo);
    }

    [Fact]
    public void SetBuffer_PartOfArray_KeepsTheWholeAndThePart()
    {
        byte[] array = new byte[8];
        using IEventArgsUnderTest e = binding.Here.CreateEventArgs();

        e.SetBuffer(array, 1, 2);

        Assert.Same(array, e.Buffer);
        Assert.Equal((1, 2, 8), (e.Offset, e.Count, e.MemoryBuffer.Length));
        e.SetBuffer(3, 5);
        Assert.Equal((3, 5, 8), (e.Offset, e.Count, e.MemoryBuffer.Length));
        e.SetBuffer(null, 5, 6);
        Assert.Null(e.Buffer);
        Assert.Equal((0, 0, 0), (e.Offset, e.Count, e.MemoryBuffer.Length));
    }

    [Fact]
    public void SetBuffer_Memory_IsNoArrayWhosePartCouldBeSet()
    {
        using IEventArgsUnderTest e = binding.Here.CreateEventArgs();

        e.SetBuffer(new byte[8].AsMemory(2));

        Assert.Null(e.Buffer);
        Assert.Equal((0, 6, 6), (e.Offset, e.Count, e.MemoryBuffer.Length));
        Assert.Throws<InvalidOperationException>(() => e.SetBuffer(0, 4));
        Assert.Throws<ArgumentOutOfRangeException>("count", () => e.SetBuffer(0, 40));
    }

    [Theory]
    [InlineData(-1, 0, "offset")]
    [InlineData(9, 0, "offset")]
    [InlineData(0, 99, "count")]
    [InlineData(2, 7, "count")]
    [InlineData(0, -1, "count")]
    public void SetBuffer_NoSuchPart_NamesWhatIsWrong(int offset, int count, string wrong)
    {
        using IEventArgsUnderTest e = binding.EventArgs(8);

        Assert.Throws<ArgumentOutOfRangeException>(wrong, () => e.SetBuffer(new byte[8], offset, count));
        Assert.Throws<ArgumentOutOfRangeException>(wrong, () => e.SetBuffer(offset, count));
        Assert.Equal((0, 8), (e.Offset, e.Count));
    }

    [Fact]
    public void SetBuffer_PartWithoutBuffer_IsIgnored()
    {
        using IEventArgsUnderTest e = binding.Here.CreateEventArgs();

        e.SetBuffer(1, 5);

        Assert.Equal((0, 0), (e.Offset, e.Count));
    }

    [Fact]
    public void BufferList_WithBuffer_IsRefused()
    {
        using IEventArgsUnderTest e = binding.EventArgs(4);

        Assert.Null(Assert.Throws<ArgumentException>(() => e.BufferList = s_list).ParamName);
        Assert.Null(e.BufferList);
        e.SetBuffer([], 0, 0);
        Assert.Throws<ArgumentException>(() => e.BufferList = s_list);
        e.SetBuffer(Memory<byte>.Empty);
        e.BufferList = s_list;
        Assert.Same(s_list, e.BufferList);
    }

    [Fact]
    public void SetBuffer_WithBufferList_IsRefused()
    {
        using IEventArgsUnderTest e = binding.EventArgs([1, 2]);

        Assert.Null(Assert.Throws<ArgumentException>(() => e.SetBuffer(new byte[4], 0, 4)).ParamName);
        Assert.Throws<ArgumentException>(() => e.SetBuffer(new byte[4], 0, 40));
        Assert.Throws<ArgumentException>(() => e.SetBuffer(new byte[4].AsMemory()));
        e.SetBuffer(Memory<byte>.Empty);
        e.SetBuffer(0, 0);
        e.SetBuffer(null, 0, 0);
        e.BufferList = null;
        e.SetBuffer(new byte[4], 0, 4);
        Assert.Equal(4, e.Count);
    }

    [Fact]
    public void BufferList_SegmentWithoutArray_IsRefused()
    {
        using IEventArgsUnderTest e = binding.Here.CreateEventArgs();

        Assert.Throws<ArgumentNullException>("segment", () => e.BufferList = [default]);
    }
}

public sealed class KernelEventArgsBufferTests(KernelBinding binding) : EventArgsBufferContract(binding), IClassFixture<KernelBinding>;

public sealed class LoopbackEventArgsBufferTests(LoopbackBinding binding) : EventArgsBufferContract(binding), IClassFixture<LoopbackBinding>;

public sealed class PairEventArgsBufferTests(PairBinding binding) : EventArgsBufferContract(binding), IClassFixture<PairBinding>;
