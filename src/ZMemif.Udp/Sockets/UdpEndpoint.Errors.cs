using System.Net.Sockets;
using ZMemif.Udp.Stack;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Sockets;

/// <content>What others on the way say of its datagrams (RFC 1122 §4.1.3.3), told to the caller as Linux does.</content>
internal sealed partial class UdpEndpoint
{
    public void Fail(IcmpError error)
    {
        // Without a peer one does not know of whom it would be, unless one asks for all.
        if (Peer is null && !Settings.WantsAllErrors)
            return;

        // Who has allowed others to cut his packets does not have to know.
        bool isExpected = error.IsFragmentationNeeded && Options.Discovery == PathMtuDiscovery.Dont;
        if (!isExpected && Translate(error) is { } failure)
            _inbox.Fail(failure);
    }

    /// <summary>What the caller is told; null for what may pass, and is not told.</summary>
    private SocketError? Translate(IcmpError error) => error.Type switch
    {
        IcmpType.DestinationUnreachable => TranslateUnreachable(error.Code) ?? (Settings.WantsAllErrors ? TranslatePassing(error.Code) : null),
        IcmpType.ParameterProblem => SocketError.SocketError,
        IcmpType.TimeExceeded when Settings.WantsAllErrors && error.Code != IcmpPacket.ReassemblyTimeExceeded => SocketError.HostUnreachable,
        _ => null,
    };

    private static SocketError? TranslateUnreachable(byte code) => code switch
    {
        2 => SocketError.ProtocolOption,
        3 => SocketError.ConnectionRefused,
        4 => SocketError.MessageSize,
        6 or 9 => SocketError.NetworkUnreachable,
        7 => SocketError.HostDown,
        8 => SocketError.SocketError,
        10 or 13 or 14 or 15 => SocketError.HostUnreachable,
        _ => null,
    };

    private static SocketError? TranslatePassing(byte code) => code switch
    {
        0 or 11 => SocketError.NetworkUnreachable,
        1 or 12 => SocketError.HostUnreachable,
        5 => SocketError.OperationNotSupported,
        _ => null,
    };
}
