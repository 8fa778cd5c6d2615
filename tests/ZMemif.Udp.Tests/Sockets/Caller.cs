using System.Collections.Concurrent;
using System.Net.Sockets;
using ZMemif.Udp.Sockets;
using ZMemif.Udp.Stack;

namespace ZMemif.Udp.Tests.Sockets;

/// <summary>A thread that receives from a socket, so many datagrams or until it fails.</summary>
internal sealed class Caller
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly BlockingCollection<byte[]> _received = [];
    private readonly UdpEndpoint _socket;
    private readonly Thread _thread;
    private SocketError _error;

    internal Caller(UdpEndpoint socket, int datagrams)
    {
        _socket = socket;
        _thread = new Thread(() => Receive(datagrams)) { IsBackground = true };
        _thread.Start();
    }

    internal int ThreadId => _thread.ManagedThreadId;

    internal bool IsWaiting => _thread.ThreadState.HasFlag(ThreadState.WaitSleepJoin);

    internal byte[] Received() => _received.TryTake(out byte[]? payload, s_patience)
        ? payload
        : throw new TimeoutException($"Nothing was received ({_error}).");

    /// <summary>How it ended.</summary>
    internal SocketError Failed()
    {
        Assert.True(_thread.Join(s_patience), "The caller still waits.");
        return _error;
    }

    internal void End()
    {
        _socket.Close();
        Assert.True(_thread.Join(s_patience), "The caller still waits.");
    }

    private void Receive(int datagrams)
    {
        for (int i = 0; i < datagrams; i++)
        {
            DirectReceive direct = DirectReceive.IntoArray(_socket);
            _error = _socket.Receive(ref direct, Timeout.Infinite);
            if (_error != SocketError.Success)
                return;
            _received.Add(direct.Array!);
        }
    }
}
