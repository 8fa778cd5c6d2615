using System.Net;
using System.Text;

namespace ZMemif.Udp.Programs;

/// <summary>One part's view of the other: where it is, and where to write what happened.</summary>
/// <param name="host">The server's own address.</param>
internal sealed class Stage(IPAddress host)
{
    private readonly TaskCompletionSource<int> _port = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StringBuilder _said = new();

    /// <summary>The server's own address.</summary>
    internal IPAddress Host => host;

    /// <summary>Where the server listens; waits until it does.</summary>
    internal IPEndPoint Server => new(host, _port.Task.GetAwaiter().GetResult());

    /// <summary>What the part has said, line by line.</summary>
    internal string Said => _said.ToString();

    /// <summary>The server is bound to a port.</summary>
    internal void Open(int port) => _port.SetResult(port);

    internal void Say(string line) => _said.Append(line).Append('\n');
}
