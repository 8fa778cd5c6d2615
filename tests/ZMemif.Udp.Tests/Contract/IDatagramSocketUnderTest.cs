using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Contract;

/// <summary>The members of <c>Socket</c> that a contract uses, one to one.</summary>
public interface IDatagramSocketUnderTest : IDisposable
{
    AddressFamily AddressFamily { get; }

    SocketType SocketType { get; }

    ProtocolType ProtocolType { get; }

    bool IsBound { get; }

    bool Connected { get; }

    bool Blocking { get; set; }

    bool EnableBroadcast { get; set; }

    int ReceiveTimeout { get; set; }

    int SendTimeout { get; set; }

    EndPoint? LocalEndPoint { get; }

    EndPoint? RemoteEndPoint { get; }

    void Bind(EndPoint localEP);

    void Connect(EndPoint remoteEP);

    void Close();

    int Send(ReadOnlySpan<byte> buffer);

    int SendTo(ReadOnlySpan<byte> buffer, EndPoint remoteEP);

    ValueTask<int> SendAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default);

    ValueTask<int> SendToAsync(ReadOnlyMemory<byte> buffer, EndPoint remoteEP, CancellationToken cancellationToken = default);

    int Receive(Span<byte> buffer);

    int ReceiveFrom(Span<byte> buffer, ref EndPoint remoteEP);

    ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken = default);

    ValueTask<SocketReceiveFromResult> ReceiveFromAsync(
        Memory<byte> buffer, EndPoint remoteEndPoint, CancellationToken cancellationToken = default);
}
