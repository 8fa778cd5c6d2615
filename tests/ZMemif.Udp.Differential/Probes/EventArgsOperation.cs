namespace ZMemif.Udp.Differential;

/// <summary>One object of arguments and the operations that it is used for.</summary>
internal sealed class EventArgsOperation : IDisposable
{
    private readonly ManualResetEventSlim _completed = new();

    public EventArgsOperation(Bench b, EndPoint? remote)
    {
        Args = new SocketAsyncEventArgs { RemoteEndPoint = remote };
        Args.Completed += (_, _) => _completed.Set();
        b.Keep(this);
    }

    public EventArgsOperation(Bench b, EndPoint? remote, byte[] buffer)
        : this(b, remote) => Args.SetBuffer(buffer);

    /// <summary>With a list of buffers of these sizes.</summary>
    public EventArgsOperation(Bench b, EndPoint? remote, int first, int second)
        : this(b, remote) => Args.BufferList = [new byte[first], new byte[second]];

    public SocketAsyncEventArgs Args { get; }

    public bool Raised => _completed.IsSet;

    /// <summary>Starts the operation, does <paramref name="meanwhile"/>, waits if it is pending, and describes the outcome.</summary>
    public string Run(Func<SocketAsyncEventArgs, bool> start, Action? meanwhile = null) => Render.Try(() =>
    {
        bool pending = start(Args);
        meanwhile?.Invoke();
        if (pending && !_completed.Wait(3000))
            return "STILL PENDING";

        return Describe(pending);
    });

    public string Describe(bool pending)
    {
        IPPacketInformation information = Args.ReceiveMessageFromPacketInfo;
        return $"pending={pending} err={Args.SocketError} n={Args.BytesTransferred} op={Args.LastOperation} flags={Args.SocketFlags}"
            + $" remote={Render.Name(Args.RemoteEndPoint)} pi={Render.Name(information)}";
    }

    public void Dispose()
    {
        Args.Dispose();
        _completed.Dispose();
    }
}
