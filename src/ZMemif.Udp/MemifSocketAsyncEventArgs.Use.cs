using System.Net.Sockets;

namespace ZMemif.Udp;

/// <content>For one thing at a time: who has it, and how an operation begins and ends.</content>
public partial class MemifSocketAsyncEventArgs
{
    private const int Free = 0;
    private const int Configuring = 1;
    private const int Operating = 2;
    private const int Disposed = 3;

    private static readonly ContextCallback s_raise = static state => Raise((MemifSocketAsyncEventArgs)state!);

    private int _use;
    private volatile bool _isDisposeAsked;
    private MemifDatagramSocket? _socket;
    private ExecutionContext? _context;
    private SocketFlags _flags;

    /// <summary>Takes it for an operation; <see cref="Finish"/>, <see cref="FinishAndRaise"/> or <see cref="Release"/> must follow.</summary>
    internal void Begin(MemifDatagramSocket socket, SocketAsyncOperation operation)
    {
        Occupy(Operating);
        _socket = socket;
        _flags = SocketFlags;
        _length = 0;
        _context = _flowsContext ? ExecutionContext.Capture() : null;
        LastOperation = operation;
    }

    /// <summary>The operation is over, and its caller is still there.</summary>
    internal void Finish(SocketError error, int count, SocketFlags flags)
    {
        SocketError = error;
        BytesTransferred = count;
        SocketFlags = flags;
        if (error != SocketError.Success)
            _socket?.NoteFailure(error);
        Release();
    }

    /// <summary>The operation is over, and its caller has gone on. From within, it can be used again already.</summary>
    internal void FinishAndRaise(SocketError error, int count, SocketFlags flags)
    {
        ExecutionContext? context = _context;
        Finish(error, count, flags);
        if (context is null)
            Raise(this);
        else
            ExecutionContext.Run(context, s_raise, this);
    }

    /// <summary>Lets it go.</summary>
    internal void Release()
    {
        _context = null;
        Interlocked.Exchange(ref _use, Free); // A full fence: who disposes asks first, and then looks whether it is free.
        if (_isDisposeAsked)
            Dispose();
    }

    private static void Raise(MemifSocketAsyncEventArgs e) => e.OnCompleted(e);

    private void Occupy(int use)
    {
        int before = Interlocked.CompareExchange(ref _use, use, Free);
        ObjectDisposedException.ThrowIf(before == Disposed, this);
        if (before != Free)
            throw new InvalidOperationException("It is used for an operation already.");
    }
}
