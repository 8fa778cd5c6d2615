using System.Threading.Channels;

namespace ZMemif.Tests.Peers;

/// <summary>The events of a port, in order, to be awaited.</summary>
internal sealed class PortLog
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Channel<string> _events = Channel.CreateUnbounded<string>();
    private readonly MemifPort _port;

    internal PortLog(MemifPort port)
    {
        _port = port;
        port.Connected += (_, _) => _events.Writer.TryWrite("up");
        port.Disconnected += (_, _) => _events.Writer.TryWrite("down");
    }

    /// <summary>Nothing has happened that was not read.</summary>
    internal bool IsEmpty => !_events.Reader.TryPeek(out _);

    internal async Task ExpectUpAsync() => Assert.Equal("up", await NextAsync());

    /// <returns>Why the port says that it went down.</returns>
    internal async Task<MemifException> ExpectDownAsync()
    {
        Assert.Equal("down", await NextAsync());
        Assert.NotNull(_port.LastError);
        return _port.LastError;
    }

    private Task<string> NextAsync() => _events.Reader.ReadAsync().AsTask().WaitAsync(Patience);
}
