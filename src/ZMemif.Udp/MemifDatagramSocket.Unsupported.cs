using System.Net.Sockets;
using System.Runtime.Versioning;

namespace ZMemif.Udp;

#pragma warning disable CA1822 // Part of Socket's contract.
/// <content>What is there so that programs compile, and throws: it belongs to connections, to files or to Windows.</content>
public partial class MemifDatagramSocket
{
    /// <summary>A descriptor of the kernel cannot become a socket of an interface.</summary>
    /// <exception cref="ArgumentException">The handle is none.</exception>
    /// <exception cref="NotSupportedException">Always otherwise.</exception>
    public MemifDatagramSocket(SafeSocketHandle handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        if (handle.IsInvalid)
            throw new ArgumentException("The handle is not valid.", nameof(handle));
        throw new NotSupportedException("A descriptor of the kernel cannot become a socket of an interface.");
    }

    /// <summary>Not on Linux.</summary>
    /// <exception cref="PlatformNotSupportedException">Always.</exception>
    [SupportedOSPlatform("windows")]
    public MemifDatagramSocket(SocketInformation socketInformation) => throw NoDuplicates();

    /// <inheritdoc cref="MemifDatagramSocket(SocketInformation)"/>
    [SupportedOSPlatform("windows")]
    public SocketInformation DuplicateAndClose(int targetProcessId) => throw NoDuplicates();

    /// <inheritdoc cref="Listen(int)"/>
    public void Listen() => Listen(int.MaxValue);

    /// <summary>Of connections only.</summary>
    /// <exception cref="SocketException">Always.</exception>
    public void Listen(int backlog)
    {
        ThrowIfDisposed();
        throw Failure(SocketError.OperationNotSupported);
    }

    /// <summary>Of connections only.</summary>
    /// <exception cref="InvalidOperationException">Always: the socket does not listen.</exception>
    public MemifDatagramSocket Accept()
    {
        ThrowIfDisposed();
        throw new InvalidOperationException("A datagram socket does not listen, so there is nobody to accept.");
    }

    /// <inheritdoc cref="Accept"/>
    public Task<MemifDatagramSocket> AcceptAsync() => AcceptAsync(acceptSocket: null);

    /// <inheritdoc cref="Accept"/>
    public Task<MemifDatagramSocket> AcceptAsync(MemifDatagramSocket? acceptSocket) => AcceptAsync(acceptSocket, CancellationToken.None).AsTask();

    /// <inheritdoc cref="Accept"/>
    public ValueTask<MemifDatagramSocket> AcceptAsync(CancellationToken cancellationToken) => AcceptAsync(acceptSocket: null, cancellationToken);

    /// <inheritdoc cref="Accept"/>
    public ValueTask<MemifDatagramSocket> AcceptAsync(MemifDatagramSocket? acceptSocket, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<MemifDatagramSocket>(cancellationToken) : new(Accept());

    /// <inheritdoc cref="SendFile(string, ReadOnlySpan{byte}, ReadOnlySpan{byte}, TransmitFileOptions)"/>
    public void SendFile(string? fileName) => SendFile(fileName, [], [], TransmitFileOptions.UseDefaultWorkerThread);

    /// <inheritdoc cref="SendFile(string, ReadOnlySpan{byte}, ReadOnlySpan{byte}, TransmitFileOptions)"/>
    public void SendFile(string? fileName, byte[]? preBuffer, byte[]? postBuffer, TransmitFileOptions flags) =>
        SendFile(fileName, preBuffer.AsSpan(), postBuffer.AsSpan(), flags);

    /// <summary>Of connections only.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public void SendFile(string? fileName, ReadOnlySpan<byte> preBuffer, ReadOnlySpan<byte> postBuffer, TransmitFileOptions flags)
    {
        ThrowIfDisposed();
        throw NoFiles();
    }

    /// <inheritdoc cref="SendFile(string, ReadOnlySpan{byte}, ReadOnlySpan{byte}, TransmitFileOptions)"/>
    public ValueTask SendFileAsync(string? fileName, CancellationToken cancellationToken = default) =>
        SendFileAsync(fileName, default, default, TransmitFileOptions.UseDefaultWorkerThread, cancellationToken);

    /// <inheritdoc cref="SendFile(string, ReadOnlySpan{byte}, ReadOnlySpan{byte}, TransmitFileOptions)"/>
    public ValueTask SendFileAsync(
        string? fileName,
        ReadOnlyMemory<byte> preBuffer,
        ReadOnlyMemory<byte> postBuffer,
        TransmitFileOptions flags,
        CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled(cancellationToken) : ValueTask.FromException(NoFiles());

    private static PlatformNotSupportedException NoDuplicates() => new("Sockets are duplicated on Windows only; create a new one.");

    private static NotSupportedException NoFiles() => new("Files are sent over connections, which a datagram socket does not have.");
}
