using ZMemif.Native;

namespace ZMemif.HostilePeer.Links;

/// <summary>Passes whole control messages and their descriptors between two channels, until one of them ends.</summary>
internal sealed class Relay : IDisposable
{
    private readonly RawChannel _client;
    private readonly RawChannel _server;

    internal Relay(RawChannel client, RawChannel server)
    {
        _client = client;
        _server = server;
        new Thread(Run) { IsBackground = true, Name = "relay" }.Start();
    }

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }

    private void Run()
    {
        PollFd[] set =
        [
            new() { Fd = _client.Socket.Descriptor.Number, Events = Libc.POLLIN },
            new() { Fd = _server.Socket.Descriptor.Number, Events = Libc.POLLIN },
        ];
        while (Libc.Poll(set, -1) > 0)
        {
            if (set[0].Returned != 0 && !Pass(_client, _server))
                return;
            if (set[1].Returned != 0 && !Pass(_server, _client))
                return;
        }
    }

    private static bool Pass(RawChannel from, RawChannel to)
    {
        if (from.Receive() is not { } next)
            return false;
        to.TrySend(next.Message, next.Passed);
        next.Passed.ForEach(fd => fd.Dispose());
        return true;
    }
}
