using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp;

/// <summary>
/// What an asynchronous operation of a <see cref="MemifDatagramSocket"/> needs and tells, with the members and the meaning of the
/// framework's <c>SocketAsyncEventArgs</c>: made once and used for one operation after another, without an allocation for any.
/// </summary>
/// <remarks>
/// A method that returns false has ended the operation already, and <see cref="Completed"/> is not raised; one that returns true raises it
/// later, on the thread pool, with the socket as sender.
/// </remarks>
public partial class MemifSocketAsyncEventArgs : EventArgs, IDisposable
{
    private readonly bool _flowsContext;

    /// <summary>Creates one whose <see cref="Completed"/> is raised in the execution context of the call that began the operation.</summary>
    public MemifSocketAsyncEventArgs()
        : this(unsafeSuppressExecutionContextFlow: false)
    {
    }

    /// <summary>Creates one.</summary>
    /// <param name="unsafeSuppressExecutionContextFlow">Whether <see cref="Completed"/> is raised without an execution context.</param>
    public MemifSocketAsyncEventArgs(bool unsafeSuppressExecutionContextFlow) => _flowsContext = !unsafeSuppressExecutionContextFlow;

    /// <summary>Gives back what it has rented for lists of buffers.</summary>
#pragma warning disable MA0055 // Part of the contract.
    ~MemifSocketAsyncEventArgs() => ReturnScratch();
#pragma warning restore MA0055

    /// <summary>Raised on the thread pool when an operation ends that was pending.</summary>
    public event EventHandler<MemifSocketAsyncEventArgs>? Completed;

    /// <summary>Of no use here: a socket of datagrams accepts nobody.</summary>
    public MemifDatagramSocket? AcceptSocket { get; set; }

    /// <summary>
    /// The destination of a send and of a connect. A receive wants one of IPv4, and replaces it by the sender; if it is the sender
    /// already, it stays the same object.
    /// </summary>
    public EndPoint? RemoteEndPoint { get; set; }

    /// <summary>
    /// Before an operation: what is asked for. After it: <see cref="SocketFlags.Truncated"/> if a datagram was longer than the buffer,
    /// and <see cref="SocketFlags.ControlDataTruncated"/> if a receive that cannot tell it left out what
    /// <see cref="SocketOptionName.PacketInformation"/> asks for.
    /// </summary>
    public SocketFlags SocketFlags { get; set; }

    /// <summary>How the operation has ended.</summary>
    public SocketError SocketError { get; set; }

    /// <summary>How many bytes were sent or received.</summary>
    public int BytesTransferred { get; private set; }

    /// <summary>The operation that it was used for last.</summary>
    public SocketAsyncOperation LastOperation { get; private set; }

    /// <summary>
    /// To which address the datagram of a <see cref="MemifDatagramSocket.ReceiveMessageFromAsync(MemifSocketAsyncEventArgs)"/> was sent, and
    /// on which interface it came.
    /// </summary>
    public IPPacketInformation ReceiveMessageFromPacketInfo { get; private set; }

    /// <summary>The socket of a connect that succeeded.</summary>
    public MemifDatagramSocket? ConnectSocket { get; private set; }

    /// <summary>Why a connect to a host by its name has failed.</summary>
    public Exception? ConnectByNameError { get; private set; }

    /// <summary>Whether the socket can be used after a disconnect.</summary>
    public bool DisconnectReuseSocket { get; set; }

    /// <summary>Of no effect, as on Linux.</summary>
    public TransmitFileOptions SendPacketsFlags { get; set; }

    /// <summary>Of no effect, as on Linux.</summary>
    public int SendPacketsSendSize { get; set; }

    /// <summary>What is the caller's own.</summary>
    public object? UserToken { get; set; }

    /// <summary>The datagrams of a <see cref="MemifDatagramSocket.SendPacketsAsync(MemifSocketAsyncEventArgs)"/>: one for each element that is not null.</summary>
    /// <exception cref="InvalidOperationException">Set while it is used.</exception>
    /// <exception cref="ObjectDisposedException">Set when it is disposed.</exception>
    public SendPacketsElement[]? SendPacketsElements
    {
        get;
        set
        {
            Occupy(Configuring);
            field = value;
            Release();
        }
    }

    /// <summary>Ends its use. While an operation is pending, that happens when it ends.</summary>
    public void Dispose()
    {
        _isDisposeAsked = true;
        if (Interlocked.CompareExchange(ref _use, Disposed, Free) != Free)
            return;
        ReturnScratch();
        GC.SuppressFinalize(this);
    }

    /// <summary>Raises <see cref="Completed"/>; a derived class may do something else.</summary>
    /// <param name="e">This object.</param>
    protected virtual void OnCompleted(MemifSocketAsyncEventArgs e)
    {
        ArgumentNullException.ThrowIfNull(e);
#pragma warning disable MA0091 // The sender is the socket, by contract.
        Completed?.Invoke(e._socket, e);
#pragma warning restore MA0091
    }
}
