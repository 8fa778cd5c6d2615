using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Contract;

/// <summary>The kernel's <see cref="Socket"/>, called as it is.</summary>
internal sealed class KernelDatagramSocket(Socket socket) : IDatagramSocketUnderTest
{
    public AddressFamily AddressFamily => socket.AddressFamily;

    public SocketType SocketType => socket.SocketType;

    public ProtocolType ProtocolType => socket.ProtocolType;

    public bool IsBound => socket.IsBound;

    public bool Connected => socket.Connected;

    public bool Blocking
    {
        get => socket.Blocking;
        set => socket.Blocking = value;
    }

    public bool EnableBroadcast
    {
        get => socket.EnableBroadcast;
        set => socket.EnableBroadcast = value;
    }

    public int ReceiveTimeout
    {
        get => socket.ReceiveTimeout;
        set => socket.ReceiveTimeout = value;
    }

    public int SendTimeout
    {
        get => socket.SendTimeout;
        set => socket.SendTimeout = value;
    }

    public EndPoint? LocalEndPoint => socket.LocalEndPoint;

    public EndPoint? RemoteEndPoint => socket.RemoteEndPoint;

    public void Bind(EndPoint localEP) => socket.Bind(localEP);

    public void Connect(EndPoint remoteEP) => socket.Connect(remoteEP);

    public void Close() => socket.Close();

    public void Dispose() => socket.Dispose();

    public int Send(ReadOnlySpan<byte> buffer) => socket.Send(buffer);

    public int SendTo(ReadOnlySpan<byte> buffer, EndPoint remoteEP) => socket.SendTo(buffer, remoteEP);

    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        socket.SendAsync(buffer, cancellationToken);

    public ValueTask<int> SendToAsync(ReadOnlyMemory<byte> buffer, EndPoint remoteEP, CancellationToken cancellationToken = default) =>
        socket.SendToAsync(buffer, remoteEP, cancellationToken);

    public int Receive(Span<byte> buffer) => socket.Receive(buffer);

    public int ReceiveFrom(Span<byte> buffer, ref EndPoint remoteEP) => socket.ReceiveFrom(buffer, ref remoteEP);

    public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        socket.ReceiveAsync(buffer, cancellationToken);

    public ValueTask<SocketReceiveFromResult> ReceiveFromAsync(
        Memory<byte> buffer, EndPoint remoteEndPoint, CancellationToken cancellationToken = default) =>
        socket.ReceiveFromAsync(buffer, remoteEndPoint, cancellationToken);
}
