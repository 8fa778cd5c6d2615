using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;

namespace ZMemif.Udp.Tests.Contract;

/// <summary>
/// The other members of <c>Socket</c>. The kernel's class and ours implement them by inheritance, so that a call in a contract is
/// a call of the member itself, and a signature that drifts does not compile.
/// </summary>
public partial interface ISocketUnderTest : IDatagramSocketUnderTest
{
    int Available { get; }

    bool Poll(int microSeconds, SelectMode mode);

    int Send(byte[] buffer);

    int Send(byte[] buffer, SocketFlags socketFlags);

    int Send(byte[] buffer, int size, SocketFlags socketFlags);

    int Send(byte[] buffer, int offset, int size, SocketFlags socketFlags);

    int Send(byte[] buffer, int offset, int size, SocketFlags socketFlags, out SocketError errorCode);

    int Send(IList<ArraySegment<byte>> buffers);

    int Send(IList<ArraySegment<byte>> buffers, SocketFlags socketFlags);

    int Send(IList<ArraySegment<byte>> buffers, SocketFlags socketFlags, out SocketError errorCode);

    int Send(ReadOnlySpan<byte> buffer, SocketFlags socketFlags);

    int Send(ReadOnlySpan<byte> buffer, SocketFlags socketFlags, out SocketError errorCode);

    int SendTo(byte[] buffer, EndPoint remoteEP);

    int SendTo(byte[] buffer, SocketFlags socketFlags, EndPoint remoteEP);

    int SendTo(byte[] buffer, int size, SocketFlags socketFlags, EndPoint remoteEP);

    int SendTo(byte[] buffer, int offset, int size, SocketFlags socketFlags, EndPoint remoteEP);

    int SendTo(ReadOnlySpan<byte> buffer, SocketFlags socketFlags, EndPoint remoteEP);

    int SendTo(ReadOnlySpan<byte> buffer, SocketFlags socketFlags, SocketAddress socketAddress);

    Task<int> SendAsync(ArraySegment<byte> buffer);

    Task<int> SendAsync(ArraySegment<byte> buffer, SocketFlags socketFlags);

    Task<int> SendAsync(IList<ArraySegment<byte>> buffers);

    Task<int> SendAsync(IList<ArraySegment<byte>> buffers, SocketFlags socketFlags);

    ValueTask<int> SendAsync(ReadOnlyMemory<byte> buffer, SocketFlags socketFlags, CancellationToken cancellationToken = default);

    Task<int> SendToAsync(ArraySegment<byte> buffer, EndPoint remoteEP);

    Task<int> SendToAsync(ArraySegment<byte> buffer, SocketFlags socketFlags, EndPoint remoteEP);

    ValueTask<int> SendToAsync(
        ReadOnlyMemory<byte> buffer, SocketFlags socketFlags, EndPoint remoteEP, CancellationToken cancellationToken = default);

    ValueTask<int> SendToAsync(
        ReadOnlyMemory<byte> buffer, SocketFlags socketFlags, SocketAddress socketAddress, CancellationToken cancellationToken = default);

    int Receive(byte[] buffer);

    int Receive(byte[] buffer, SocketFlags socketFlags);

    int Receive(byte[] buffer, int size, SocketFlags socketFlags);

    int Receive(byte[] buffer, int offset, int size, SocketFlags socketFlags);

    int Receive(byte[] buffer, int offset, int size, SocketFlags socketFlags, out SocketError errorCode);

    int Receive(IList<ArraySegment<byte>> buffers);

    int Receive(IList<ArraySegment<byte>> buffers, SocketFlags socketFlags);

    int Receive(IList<ArraySegment<byte>> buffers, SocketFlags socketFlags, out SocketError errorCode);

    int Receive(Span<byte> buffer, SocketFlags socketFlags);

    int Receive(Span<byte> buffer, SocketFlags socketFlags, out SocketError errorCode);

    int ReceiveFrom(byte[] buffer, ref EndPoint remoteEP);

    int ReceiveFrom(byte[] buffer, SocketFlags socketFlags, ref EndPoint remoteEP);

    int ReceiveFrom(byte[] buffer, int size, SocketFlags socketFlags, ref EndPoint remoteEP);

    int ReceiveFrom(byte[] buffer, int offset, int size, SocketFlags socketFlags, ref EndPoint remoteEP);

    int ReceiveFrom(Span<byte> buffer, SocketFlags socketFlags, ref EndPoint remoteEP);

    int ReceiveFrom(Span<byte> buffer, SocketFlags socketFlags, SocketAddress receivedAddress);

    int ReceiveMessageFrom(
        byte[] buffer, int offset, int size, ref SocketFlags socketFlags, ref EndPoint remoteEP, out IPPacketInformation ipPacketInformation);

    int ReceiveMessageFrom(
        Span<byte> buffer, ref SocketFlags socketFlags, ref EndPoint remoteEP, out IPPacketInformation ipPacketInformation);

    Task<int> ReceiveAsync(ArraySegment<byte> buffer);

    Task<int> ReceiveAsync(ArraySegment<byte> buffer, SocketFlags socketFlags);

    Task<int> ReceiveAsync(IList<ArraySegment<byte>> buffers);

    Task<int> ReceiveAsync(IList<ArraySegment<byte>> buffers, SocketFlags socketFlags);

    ValueTask<int> ReceiveAsync(Memory<byte> buffer, SocketFlags socketFlags, CancellationToken cancellationToken = default);

    Task<SocketReceiveFromResult> ReceiveFromAsync(ArraySegment<byte> buffer, EndPoint remoteEndPoint);

    Task<SocketReceiveFromResult> ReceiveFromAsync(ArraySegment<byte> buffer, SocketFlags socketFlags, EndPoint remoteEndPoint);

    ValueTask<SocketReceiveFromResult> ReceiveFromAsync(
        Memory<byte> buffer, SocketFlags socketFlags, EndPoint remoteEndPoint, CancellationToken cancellationToken = default);

    ValueTask<int> ReceiveFromAsync(
        Memory<byte> buffer, SocketFlags socketFlags, SocketAddress receivedAddress, CancellationToken cancellationToken = default);

    Task<SocketReceiveMessageFromResult> ReceiveMessageFromAsync(ArraySegment<byte> buffer, EndPoint remoteEndPoint);

    Task<SocketReceiveMessageFromResult> ReceiveMessageFromAsync(
        ArraySegment<byte> buffer, SocketFlags socketFlags, EndPoint remoteEndPoint);

    ValueTask<SocketReceiveMessageFromResult> ReceiveMessageFromAsync(
        Memory<byte> buffer, EndPoint remoteEndPoint, CancellationToken cancellationToken = default);

    ValueTask<SocketReceiveMessageFromResult> ReceiveMessageFromAsync(
        Memory<byte> buffer, SocketFlags socketFlags, EndPoint remoteEndPoint, CancellationToken cancellationToken = default);

    void Connect(IPAddress address, int port);

    void Connect(IPAddress[] addresses, int port);

    void Connect(string host, int port);

    Task ConnectAsync(EndPoint remoteEP);

    ValueTask ConnectAsync(EndPoint remoteEP, CancellationToken cancellationToken);

    Task ConnectAsync(IPAddress address, int port);

    ValueTask ConnectAsync(IPAddress address, int port, CancellationToken cancellationToken);

    Task ConnectAsync(IPAddress[] addresses, int port);

    ValueTask ConnectAsync(IPAddress[] addresses, int port, CancellationToken cancellationToken);

    Task ConnectAsync(string host, int port);

    ValueTask ConnectAsync(string host, int port, CancellationToken cancellationToken);

    void Disconnect(bool reuseSocket);

    ValueTask DisconnectAsync(bool reuseSocket, CancellationToken cancellationToken = default);

    void Shutdown(SocketShutdown how);

    void Close(int timeout);

    void Listen();

    void Listen(int backlog);

    /// <summary>Stands for <c>Accept</c>, whose type differs.</summary>
    void AcceptOne();

    /// <summary>Stands for the forms of <c>AcceptAsync</c> without a token, whose type differs.</summary>
    IEnumerable<Func<Task>> AcceptsAsync();

    /// <summary>Stands for the forms of <c>AcceptAsync</c> with a token, whose type differs.</summary>
    IEnumerable<Func<Task>> AcceptsAsync(CancellationToken cancellationToken);

    void SendFile(string? fileName);

    void SendFile(string? fileName, byte[]? preBuffer, byte[]? postBuffer, TransmitFileOptions flags);

    void SendFile(string? fileName, ReadOnlySpan<byte> preBuffer, ReadOnlySpan<byte> postBuffer, TransmitFileOptions flags);

    ValueTask SendFileAsync(string? fileName, CancellationToken cancellationToken = default);

    ValueTask SendFileAsync(
        string? fileName,
        ReadOnlyMemory<byte> preBuffer,
        ReadOnlyMemory<byte> postBuffer,
        TransmitFileOptions flags,
        CancellationToken cancellationToken = default);

    [SupportedOSPlatform("windows")]
    SocketInformation DuplicateAndClose(int targetProcessId);
}
