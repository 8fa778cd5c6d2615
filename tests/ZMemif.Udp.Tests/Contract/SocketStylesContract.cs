using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace ZMemif.Udp.Tests.Contract;

/// <summary>Conversations in each of the styles in which programs call a socket: payloads of all lengths come back as they went.</summary>
public abstract class SocketStylesContract(UdpBinding binding)
{
    private const int Longest = 1472;

    private static readonly Dictionary<string, Style> s_styles = new()
    {
        ["arrays"] = new(
            (socket, payload, to) => Task.FromResult(socket.SendTo(payload, to)),
            socket =>
            {
                byte[] buffer = new byte[Longest];
                EndPoint from = new IPEndPoint(IPAddress.Any, 0);
                return Task.FromResult((buffer[..socket.ReceiveFrom(buffer, ref from)], from));
            }),
        ["spans"] = new(
            (socket, payload, to) => Task.FromResult(socket.SendTo(payload.AsSpan(), SocketFlags.None, to)),
            socket =>
            {
                Span<byte> buffer = stackalloc byte[Longest];
                EndPoint from = new IPEndPoint(IPAddress.Any, 0);
                return Task.FromResult((buffer[..socket.ReceiveFrom(buffer, SocketFlags.None, ref from)].ToArray(), from));
            }),
        ["not blocking"] = new(SendWithoutBlocking, ReceiveWithoutBlocking),
        ["Begin and End"] = new(
            (socket, payload, to) => Task.Factory.FromAsync(socket.BeginSendTo(payload, 0, payload.Length, SocketFlags.None, to, null, null), socket.EndSendTo),
            socket =>
            {
                byte[] buffer = new byte[Longest];
                EndPoint from = new IPEndPoint(IPAddress.Any, 0);
                IAsyncResult receiving = socket.BeginReceiveFrom(buffer, 0, buffer.Length, SocketFlags.None, ref from, null, null);
                return Task.FromResult((buffer[..socket.EndReceiveFrom(receiving, ref from)], from));
            }),
        ["tasks"] = new(
            (socket, payload, to) => socket.SendToAsync(new ArraySegment<byte>(payload), to),
            async socket =>
            {
                byte[] buffer = new byte[Longest];
                SocketReceiveFromResult received = await socket.ReceiveFromAsync(new ArraySegment<byte>(buffer), new IPEndPoint(IPAddress.Any, 0));
                return (buffer[..received.ReceivedBytes], received.RemoteEndPoint);
            }),
        ["tasks that may be cancelled"] = new(
            (socket, payload, to) => socket.SendToAsync(payload.AsMemory(), SocketFlags.None, to).AsTask(),
            ReceiveAfterACancellationAsync),
        ["socket addresses"] = new(
            (socket, payload, to) => Task.FromResult(socket.SendTo(payload, SocketFlags.None, to.Serialize())),
            socket =>
            {
                byte[] buffer = new byte[Longest];
                var from = new SocketAddress(AddressFamily.InterNetwork);
                byte[] payload = buffer[..socket.ReceiveFrom(buffer, SocketFlags.None, from)];
                return Task.FromResult((payload, new IPEndPoint(IPAddress.Any, 0).Create(from)));
            }),
        ["memory of an array"] = new(
            (socket, payload, to) => socket.SendToAsync(payload.AsMemory(), to).AsTask(),
            socket => ReceiveIntoAsync(socket, new byte[Longest])),
        ["native memory"] = new(
            async (socket, payload, to) =>
            {
                using var native = new UnmanagedMemory(payload.Length);
                payload.CopyTo(native.GetSpan());
                return await socket.SendToAsync(native.Memory, to);
            },
            async socket =>
            {
                using var native = new UnmanagedMemory(Longest);
                return await ReceiveIntoAsync(socket, native.Memory);
            }),
    };

    public static TheoryData<string> Names => [.. s_styles.Keys, "event arguments"];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Conversation_InAnyStyle_KeepsPayloadsAndSenders(string name)
    {
        Style style = s_styles.GetValueOrDefault(name) ?? EventArguments();
        using ISocketUnderTest asking = binding.BoundSocket();
        using ISocketUnderTest answering = binding.BoundSocket();
        for (int length = 0; length <= Longest; length += 92)
        {
            byte[] payload = [.. Enumerable.Range(length, length).Select(i => (byte)i)];

            Assert.Equal(length, await style.Send(asking, payload, answering.LocalIPEndPoint()).Soon());
            (byte[] heard, EndPoint from) = await style.Receive(answering).Soon();
            Assert.Equal(payload, heard);
            Assert.Equal(asking.LocalIPEndPoint(), from);
            await style.Send(answering, heard, from).Soon();
            (byte[] answer, from) = await style.Receive(asking).Soon();

            Assert.Equal(payload, answer);
            Assert.Equal(answering.LocalIPEndPoint(), from);
        }

        // For a binding that asserts that its rings were used.
        await binding.SettleAsync();
    }

    private static Task<int> SendWithoutBlocking(ISocketUnderTest socket, byte[] payload, EndPoint to)
    {
        socket.Blocking = false;
        return Task.FromResult(socket.SendTo(payload, to));
    }

    private static Task<(byte[] Payload, EndPoint From)> ReceiveWithoutBlocking(ISocketUnderTest socket)
    {
        socket.Blocking = false;
        byte[] buffer = new byte[Longest];
        while (true)
        {
            try
            {
                EndPoint from = new IPEndPoint(IPAddress.Any, 0);
                return Task.FromResult((buffer[..socket.ReceiveFrom(buffer, ref from)], from));
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.WouldBlock)
            {
                Assert.True(socket.Poll((int)UdpBinding.Patience.TotalMicroseconds, SelectMode.SelectRead));
            }
        }
    }

    private static async Task<(byte[] Payload, EndPoint From)> ReceiveAfterACancellationAsync(ISocketUnderTest socket)
    {
        byte[] buffer = new byte[Longest];
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), new CancellationToken(canceled: true)));
        using var cancellation = new CancellationTokenSource();
        SocketReceiveFromResult received = await socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), cancellation.Token);
        return (buffer[..received.ReceivedBytes], received.RemoteEndPoint);
    }

    private static async Task<(byte[] Payload, EndPoint From)> ReceiveIntoAsync(ISocketUnderTest socket, Memory<byte> buffer)
    {
        SocketReceiveFromResult received = await socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0));
        return (buffer[..received.ReceivedBytes].ToArray(), received.RemoteEndPoint);
    }

    private Style EventArguments() => new(
        async (socket, payload, to) =>
        {
            using IEventArgsUnderTest e = binding.EventArgs(payload, to);
            if (socket.SendToAsync(e))
                await e.Raised.ReadAsync();
            Assert.Equal(SocketError.Success, e.SocketError);
            return e.BytesTransferred;
        },
        async socket =>
        {
            using IEventArgsUnderTest e = binding.EventArgs(Longest, new IPEndPoint(IPAddress.Any, 0));
            if (socket.ReceiveFromAsync(e))
                await e.Raised.ReadAsync();
            Assert.Equal(SocketError.Success, e.SocketError);
            return (e.Buffer![..e.BytesTransferred], e.RemoteEndPoint!);
        });

    private sealed record Style(Func<ISocketUnderTest, byte[], EndPoint, Task<int>> Send, Func<ISocketUnderTest, Task<(byte[] Payload, EndPoint From)>> Receive);

    /// <summary>Memory that the collector knows nothing of.</summary>
    private sealed unsafe class UnmanagedMemory(int length) : MemoryManager<byte>
    {
        private readonly void* _memory = NativeMemory.Alloc((nuint)Math.Max(1, length));

        public override Span<byte> GetSpan() => new(_memory, length);

        public override MemoryHandle Pin(int elementIndex = 0) => new((byte*)_memory + elementIndex);

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing) => NativeMemory.Free(_memory);
    }
}

public sealed class KernelSocketStylesTests(KernelBinding binding) : SocketStylesContract(binding), IClassFixture<KernelBinding>;

public sealed class LoopbackSocketStylesTests(LoopbackBinding binding) : SocketStylesContract(binding), IClassFixture<LoopbackBinding>;

public sealed class PairSocketStylesTests(PairBinding binding) : SocketStylesContract(binding), IClassFixture<PairBinding>;
