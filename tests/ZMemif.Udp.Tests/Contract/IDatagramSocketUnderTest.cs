using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Contract;

/// <summary>The members of <c>Socket</c> that a contract uses, one to one.</summary>
public partial interface IDatagramSocketUnderTest : IDisposable
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

    bool DontFragment { get; set; }

    bool MulticastLoopback { get; set; }

    bool ExclusiveAddressUse { get; set; }

    int ReceiveBufferSize { get; set; }

    int SendBufferSize { get; set; }

    short Ttl { get; set; }

    [DisallowNull]
    LingerOption? LingerState { get; set; }

    object? GetSocketOption(SocketOptionLevel optionLevel, SocketOptionName optionName);

    byte[] GetSocketOption(SocketOptionLevel optionLevel, SocketOptionName optionName, int optionLength);

    void GetSocketOption(SocketOptionLevel optionLevel, SocketOptionName optionName, byte[] optionValue);

    void SetSocketOption(SocketOptionLevel optionLevel, SocketOptionName optionName, int optionValue);

    void SetSocketOption(SocketOptionLevel optionLevel, SocketOptionName optionName, byte[] optionValue);

    void SetSocketOption(SocketOptionLevel optionLevel, SocketOptionName optionName, object optionValue);

    int GetRawSocketOption(int optionLevel, int optionName, Span<byte> optionValue);

    void SetRawSocketOption(int optionLevel, int optionName, ReadOnlySpan<byte> optionValue);

    int IOControl(IOControlCode ioControlCode, byte[]? optionInValue, byte[]? optionOutValue);
}
