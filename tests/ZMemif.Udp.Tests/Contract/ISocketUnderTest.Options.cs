using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Contract;

/// <content>Options.</content>
public partial interface ISocketUnderTest
{
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
