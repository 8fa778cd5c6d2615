using System.Net.Sockets;

namespace ZMemif.Udp.HostTests.Kernel;

/// <summary>A socket of the host under test that sends every datagram back.</summary>
internal sealed class HostEcho : IAsyncDisposable
{
    private readonly MemifUdpClient _client;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    /// <param name="memifInterface">The host.</param>
    /// <param name="port">The port to serve.</param>
    internal HostEcho(MemifInterface memifInterface, int port)
    {
        _client = new MemifUdpClient(memifInterface, port);
        _loop = LoopAsync();
    }

    /// <summary>Stops; throws what went wrong meanwhile.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _client.Dispose();
        _stop.Dispose();
    }

    private async Task LoopAsync()
    {
        try
        {
            while (true)
            {
                UdpReceiveResult request = await _client.ReceiveAsync(_stop.Token);
                await AnswerAsync(request);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    private async Task AnswerAsync(UdpReceiveResult request)
    {
        try
        {
            await _client.SendAsync(request.Buffer, request.RemoteEndPoint, _stop.Token);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.NetworkDown)
        {
            // Whoever asked is gone with the link.
        }
    }
}
