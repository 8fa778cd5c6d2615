using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Contract;

/// <summary>
/// The members of <c>UdpClient</c> that a contract uses. The kernel's class and ours implement them by inheritance, so
/// that a call in a contract is a call of the member itself, and a signature that drifts does not compile.
/// </summary>
public interface IUdpClientUnderTest : IDisposable
{
    /// <summary>Stands for <c>Client</c>, whose type differs.</summary>
    IDatagramSocketUnderTest? Socket { get; }

    /// <summary>Stands for <c>Active</c>, which is protected.</summary>
    bool IsActive { get; set; }

    /// <summary>How often <c>Dispose(bool)</c>, which is protected, has been called.</summary>
    int DisposeCalls { get; }

    /// <summary>Assigns null to <c>Client</c>.</summary>
    void ForgetSocket();

    /// <summary>Calls <c>Dispose(false)</c>, as a derived class's finalizer does.</summary>
    void DisposeFromFinalizer();

    void Close();

    void Connect(IPAddress addr, int port);

    void Connect(IPEndPoint endPoint);

    void Connect(string hostname, int port);

    byte[] Receive([NotNull] ref IPEndPoint? remoteEP);

    Task<UdpReceiveResult> ReceiveAsync();

    ValueTask<UdpReceiveResult> ReceiveAsync(CancellationToken cancellationToken);

    IAsyncResult BeginReceive(AsyncCallback? requestCallback, object? state);

    byte[] EndReceive(IAsyncResult asyncResult, ref IPEndPoint? remoteEP);

    IAsyncResult BeginSend(byte[] datagram, int bytes, AsyncCallback? requestCallback, object? state);

    IAsyncResult BeginSend(byte[] datagram, int bytes, IPEndPoint? endPoint, AsyncCallback? requestCallback, object? state);

    IAsyncResult BeginSend(byte[] datagram, int bytes, string? hostname, int port, AsyncCallback? requestCallback, object? state);

    int EndSend(IAsyncResult asyncResult);

    int Send(byte[] dgram, int bytes);

    int Send(byte[] dgram, int bytes, IPEndPoint? endPoint);

    int Send(byte[] dgram, int bytes, string? hostname, int port);

    int Send(ReadOnlySpan<byte> datagram);

    int Send(ReadOnlySpan<byte> datagram, IPEndPoint? endPoint);

    int Send(ReadOnlySpan<byte> datagram, string? hostname, int port);

    Task<int> SendAsync(byte[] datagram, int bytes);

    Task<int> SendAsync(byte[] datagram, int bytes, IPEndPoint? endPoint);

    Task<int> SendAsync(byte[] datagram, int bytes, string? hostname, int port);

    ValueTask<int> SendAsync(ReadOnlyMemory<byte> datagram, CancellationToken cancellationToken = default);

    ValueTask<int> SendAsync(ReadOnlyMemory<byte> datagram, IPEndPoint? endPoint, CancellationToken cancellationToken = default);

    ValueTask<int> SendAsync(ReadOnlyMemory<byte> datagram, string? hostname, int port, CancellationToken cancellationToken = default);
}
