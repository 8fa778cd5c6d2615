using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Contract;

/// <summary>Our socket, called as it is.</summary>
internal sealed partial class MemifDatagramSocketUnderTest(MemifDatagramSocket socket) : IDatagramSocketUnderTest
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

    public bool DontFragment
    {
        get => socket.DontFragment;
        set => socket.DontFragment = value;
    }

    public bool MulticastLoopback
    {
        get => socket.MulticastLoopback;
        set => socket.MulticastLoopback = value;
    }

    public bool ExclusiveAddressUse
    {
        get => socket.ExclusiveAddressUse;
        set => socket.ExclusiveAddressUse = value;
    }

    public int ReceiveBufferSize
    {
        get => socket.ReceiveBufferSize;
        set => socket.ReceiveBufferSize = value;
    }

    public int SendBufferSize
    {
        get => socket.SendBufferSize;
        set => socket.SendBufferSize = value;
    }

    public short Ttl
    {
        get => socket.Ttl;
        set => socket.Ttl = value;
    }

    [DisallowNull]
    public LingerOption? LingerState
    {
        get => socket.LingerState;
        set => socket.LingerState = value;
    }

    public object? GetSocketOption(SocketOptionLevel optionLevel, SocketOptionName optionName) =>
        socket.GetSocketOption(optionLevel, optionName);

    public byte[] GetSocketOption(SocketOptionLevel optionLevel, SocketOptionName optionName, int optionLength) =>
        socket.GetSocketOption(optionLevel, optionName, optionLength);

    public void GetSocketOption(SocketOptionLevel optionLevel, SocketOptionName optionName, byte[] optionValue) =>
        socket.GetSocketOption(optionLevel, optionName, optionValue);

    public void SetSocketOption(SocketOptionLevel optionLevel, SocketOptionName optionName, int optionValue) =>
        socket.SetSocketOption(optionLevel, optionName, optionValue);

    public void SetSocketOption(SocketOptionLevel optionLevel, SocketOptionName optionName, byte[] optionValue) =>
        socket.SetSocketOption(optionLevel, optionName, optionValue);

    public void SetSocketOption(SocketOptionLevel optionLevel, SocketOptionName optionName, object optionValue) =>
        socket.SetSocketOption(optionLevel, optionName, optionValue);

    public int GetRawSocketOption(int optionLevel, int optionName, Span<byte> optionValue) =>
        socket.GetRawSocketOption(optionLevel, optionName, optionValue);

    public void SetRawSocketOption(int optionLevel, int optionName, ReadOnlySpan<byte> optionValue) =>
        socket.SetRawSocketOption(optionLevel, optionName, optionValue);

    public int IOControl(IOControlCode ioControlCode, byte[]? optionInValue, byte[]? optionOutValue) =>
        socket.IOControl(ioControlCode, optionInValue, optionOutValue);
}
