using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp.Tests;

/// <summary>
/// What an operation by <see cref="MemifSocketAsyncEventArgs"/> costs over shared memory, in a process of its own, so that every
/// thread counts.
/// </summary>
public sealed class EventArgsAllocationTests
{
    private const int WarmUp = 10_000;
    private const int Operations = 50_000;

    /// <summary>In bytes.</summary>
    private const int SmallestObject = 24;

    [Fact]
    public Task SendToAndReceiveFrom_DoneAtOnce_AllocateNothing() => MeasureAsync(
        (socket, e) => socket.ReceiveFromAsync(e), e => e.SetBuffer(new byte[64], 0, 64), isPending: false);

    [Fact]
    public Task ReceiveFrom_Pending_AllocatesNothing() => MeasureAsync(
        (socket, e) => socket.ReceiveFromAsync(e), e => e.SetBuffer(new byte[64], 0, 64), isPending: true);

    [Fact]
    public Task ReceiveMessageFrom_PendingAndScattered_AllocatesNothing() => MeasureAsync(
        (socket, e) => socket.ReceiveMessageFromAsync(e), e => e.BufferList = [new byte[4], new byte[60]], isPending: true);

    [Fact]
    public Task ReceiveMessageFrom_DoneAtOnceAndScattered_AllocatesNothing() => MeasureAsync(
        (socket, e) => socket.ReceiveMessageFromAsync(e), e => e.BufferList = [new byte[4], new byte[60]], isPending: false);

    private static Task MeasureAsync(
        Func<MemifDatagramSocket, MemifSocketAsyncEventArgs, bool> receive,
        Action<MemifSocketAsyncEventArgs> prepare,
        bool isPending,
        [System.Runtime.CompilerServices.CallerMemberName] string test = "") => IsolatedProcess.RunAsync(
        typeof(EventArgsAllocationTests),
        MemifInterface.ConnectionVariable,
        null,
        () =>
        {
            (MemifInterface here, MemifInterface there) = MemifInterface.CreatePair();
            using var exchange = new EventArgsExchange(here, there, receive, prepare);
            exchange.Run(WarmUp, isPending);
            long before = GC.GetTotalAllocatedBytes(precise: true);

            exchange.Run(Operations, isPending);

            // Less than one object in ten operations. What there is comes with time: the runner of the test, and the pool.
            Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, Operations * SmallestObject / 10);
            here.Dispose();
            there.Dispose();
        },
        test);

    private sealed class EventArgsExchange : IDisposable
    {
        private readonly MemifDatagramSocket _receiver;
        private readonly MemifDatagramSocket _sender;
        private readonly MemifSocketAsyncEventArgs _received = new() { RemoteEndPoint = new IPEndPoint(IPAddress.Any, 0) };
        private readonly MemifSocketAsyncEventArgs _sent = new();
        private readonly Func<MemifDatagramSocket, MemifSocketAsyncEventArgs, bool> _receive;
        private readonly AutoResetEvent _raised = new(initialState: false);

        internal EventArgsExchange(
            MemifInterface here,
            MemifInterface there,
            Func<MemifDatagramSocket, MemifSocketAsyncEventArgs, bool> receive,
            Action<MemifSocketAsyncEventArgs> prepare)
        {
            _receive = receive;
            _receiver = Bound(here);
            _sender = Bound(there);
            prepare(_received);
            _received.Completed += (_, _) => _raised.Set();
            _sent.SetBuffer(new byte[18], 0, 18);
            _sent.RemoteEndPoint = _receiver.LocalEndPoint;
        }

        internal void Run(int operations, bool isPending)
        {
            for (int i = 0; i < operations; i++)
            {
                if (isPending)
                    ReceivePending();
                else
                    ReceiveAtOnce();
                if (_received is not { SocketError: SocketError.Success, BytesTransferred: 18 })
                    throw new InvalidOperationException($"{_received.SocketError}: {_received.BytesTransferred} bytes.");
            }
        }

        public void Dispose()
        {
            _receiver.Dispose();
            _sender.Dispose();
            _received.Dispose();
            _sent.Dispose();
            _raised.Dispose();
        }

        private void ReceivePending()
        {
            if (!_receive(_receiver, _received))
                throw new InvalidOperationException("There was a datagram already.");
            Send();
            _raised.WaitOne();
        }

        private void ReceiveAtOnce()
        {
            Send();
            while (_receiver.Available == 0)
                Thread.Yield();
            if (_receive(_receiver, _received))
                throw new InvalidOperationException("There was no datagram.");
        }

        private void Send()
        {
            if (_sender.SendToAsync(_sent) || _sent.SocketError != SocketError.Success)
                throw new InvalidOperationException($"Not sent: {_sent.SocketError}.");
        }

        private static MemifDatagramSocket Bound(MemifInterface memifInterface)
        {
            var socket = new MemifDatagramSocket(memifInterface, AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(memifInterface.Address, 0));
            return socket;
        }
    }
}
