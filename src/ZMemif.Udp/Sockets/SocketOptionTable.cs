using System.Net.Sockets;
using ZMemif.Udp.Stack;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Sockets;

/// <summary>The options of a UDP socket by Linux's numbers: what they do, with the limits and errors of socket(7) and ip(7).</summary>
internal static class SocketOptionTable
{
    /// <summary>The level of SO_… options.</summary>
    internal const int SocketLevel = 1;

    /// <summary>The level of IP_… options.</summary>
    internal const int IpLevel = 0;

    /// <summary>The level of UDP_… options.</summary>
    internal const int UdpLevel = 17;

    /// <summary>The largest buffer in bytes: twice Linux' net.core.rmem_max and wmem_max, where these are 4 MiB.</summary>
    internal const int LargestBuffer = 8 << 20;

    /// <summary>SO_BINDTODEVICE.</summary>
    internal static readonly (int Level, int Name) Device = (SocketLevel, 25);

    private const int SmallestReceiveBuffer = 2304;
    private const int SmallestSendBuffer = 4608;

    private static readonly Dictionary<(int Level, int Name), SocketOption> s_options = new()
    {
        [(SocketLevel, 1)] = SocketOption.Stored(settings => settings.Debug, (settings, value) => settings.Debug = value),
        [(SocketLevel, 2)] = SocketOption.Flag(socket => socket.Settings.ReusesAddress, (socket, value) => socket.Settings.ReusesAddress = value),
        [(SocketLevel, 3)] = SocketOption.ReadOnly(_ => (int)SocketType.Dgram), // SOCK_DGRAM has the same number
        [(SocketLevel, 5)] = SocketOption.Flag(socket => socket.Options.StaysOnLink, (socket, value) => socket.Options = socket.Options with { StaysOnLink = value }),
        [(SocketLevel, 6)] = SocketOption.Flag(socket => socket.Settings.AllowsBroadcast, (socket, value) => socket.Settings.AllowsBroadcast = value),
        [(SocketLevel, 7)] = new(socket => socket.Settings.SendBuffer, SetSendBuffer),
        [(SocketLevel, 8)] = new(socket => socket.Inbox.Budget.Limit, SetReceiveBuffer),
        [(SocketLevel, 9)] = SocketOption.Stored(settings => settings.KeepAlive, (settings, value) => settings.KeepAlive = value),
        [(SocketLevel, 10)] = SocketOption.Stored(settings => settings.OutOfBandInline, (settings, value) => settings.OutOfBandInline = value),
        [(SocketLevel, 15)] = SocketOption.Flag(socket => socket.Settings.ReusesPort, (socket, value) => socket.Settings.ReusesPort = value),
        [(SocketLevel, 18)] = new(socket => socket.Settings.ReceiveLowWater, SetReceiveLowWater),
        [(SocketLevel, 19)] = SocketOption.ReadOnly(_ => 1),
        [(SocketLevel, 30)] = SocketOption.ReadOnly(_ => 0),
        [(SocketLevel, 32)] = new(socket => socket.Settings.SendBuffer, ForceSendBuffer),
        [(SocketLevel, 33)] = new(socket => socket.Inbox.Budget.Limit, ForceReceiveBuffer),
        [(SocketLevel, 38)] = SocketOption.ReadOnly(_ => (int)ProtocolType.Udp),
        [(SocketLevel, 39)] = SocketOption.ReadOnly(_ => (int)AddressFamily.InterNetwork),
        [(IpLevel, 1)] = new(socket => socket.Options.TypeOfService, SetTypeOfService),
        [(IpLevel, 2)] = new(socket => socket.Options.TimeToLive, SetTimeToLive),
        [(IpLevel, 3)] = SocketOption.ReadOnly(_ => 0), // IP_HDRINCL, for raw sockets
        [(IpLevel, 8)] = SocketOption.Flag(socket => socket.Inbox.NotesInterface, (socket, value) => socket.Inbox.NotesInterface = value),
        [(IpLevel, 10)] = new(socket => (int)socket.Options.Discovery, SetDiscovery),
        [(IpLevel, 11)] = SocketOption.Flag(socket => socket.Settings.WantsAllErrors, (socket, value) => socket.Settings.WantsAllErrors = value),
        [(IpLevel, 32)] = new(socket => socket.Settings.MulticastInterface, SetMulticastInterface),
        [(IpLevel, 33)] = new(socket => socket.Options.MulticastTimeToLive, SetMulticastTimeToLive),
        [(IpLevel, 34)] = SocketOption.Flag(socket => socket.Options.MulticastLoopback, (socket, value) => socket.Options = socket.Options with { MulticastLoopback = value }),
        [(UdpLevel, 104)] = SocketOption.Stored(settings => settings.MayMerge, (settings, value) => settings.MayMerge = value),
    };

    /// <summary>The option of these numbers; null when there is none that is a number.</summary>
    internal static SocketOption? Find(int level, int name) => s_options.GetValueOrDefault((level, name));

    /// <summary>SO_BINDTODEVICE, whose value is a name: nothing here has one.</summary>
    internal static SocketError BindToDevice(ReadOnlySpan<byte> name) => name switch
    {
        [] => SocketError.Fault,
        [0, ..] => SocketError.Success,
        _ => SocketError.SocketError, // the framework has no number for ENODEV
    };

    /// <summary>Why an option that is not in the table cannot be set.</summary>
    internal static SocketError WhyNotSet(int level) =>
        level is SocketLevel or IpLevel or UdpLevel ? SocketError.OperationNotSupported : SocketError.ProtocolOption;

    // As on Linux, twice what is asked for, which leaves room for its own bookkeeping; −1 is the largest number.
    private static SocketError SetReceiveBuffer(UdpEndpoint socket, int value)
    {
        socket.Inbox.Budget.Limit = Double(value, SmallestReceiveBuffer);
        return SocketError.Success;
    }

    private static SocketError SetSendBuffer(UdpEndpoint socket, int value)
    {
        socket.Settings.SendBuffer = Double(value, SmallestSendBuffer);
        return SocketError.Success;
    }

    // SO_RCVBUFFORCE and SO_SNDBUFFORCE know no largest size.
    private static SocketError ForceReceiveBuffer(UdpEndpoint socket, int value)
    {
        socket.Inbox.Budget.Limit = Math.Max(2 * Math.Clamp(value, 0, int.MaxValue / 2), SmallestReceiveBuffer);
        return SocketError.Success;
    }

    private static SocketError ForceSendBuffer(UdpEndpoint socket, int value)
    {
        socket.Settings.SendBuffer = Math.Max(2 * Math.Clamp(value, 0, int.MaxValue / 2), SmallestSendBuffer);
        return SocketError.Success;
    }

    private static int Double(int value, int smallest) =>
        (int)Math.Max(2 * (long)Math.Min((uint)value, LargestBuffer / 2), smallest);

    private static SocketError SetReceiveLowWater(UdpEndpoint socket, int value)
    {
        socket.Settings.ReceiveLowWater = value switch { < 0 => int.MaxValue, 0 => 1, _ => value };
        return SocketError.Success;
    }

    private static SocketError SetTypeOfService(UdpEndpoint socket, int value)
    {
        socket.Options = socket.Options with { TypeOfService = (byte)value };
        return SocketError.Success;
    }

    private static SocketError SetTimeToLive(UdpEndpoint socket, int value)
    {
        if (value != -1 && value is < 1 or > byte.MaxValue)
            return SocketError.InvalidArgument;
        socket.Options = socket.Options with { TimeToLive = value == -1 ? PacketOptions.Default.TimeToLive : (byte)value };
        return SocketError.Success;
    }

    private static SocketError SetMulticastTimeToLive(UdpEndpoint socket, int value)
    {
        if (value is < -1 or > byte.MaxValue)
            return SocketError.InvalidArgument;
        socket.Options = socket.Options with { MulticastTimeToLive = value == -1 ? PacketOptions.Default.MulticastTimeToLive : (byte)value };
        return SocketError.Success;
    }

    private static SocketError SetDiscovery(UdpEndpoint socket, int value)
    {
        var discovery = (PathMtuDiscovery)value;
        if (!Enum.IsDefined(discovery))
            return value is > 2 and <= 5 ? SocketError.OperationNotSupported : SocketError.InvalidArgument;
        socket.Options = socket.Options with { Discovery = discovery };
        return SocketError.Success;
    }

    // Four bytes in network order: an address of the host; or, when it begins with 0, the number of an interface.
    private static SocketError SetMulticastInterface(UdpEndpoint socket, int value)
    {
        Ipv4Address address = Ipv4Address.Read(BitConverter.GetBytes(value));
        bool isNumber = address.Value >> 24 == 0;
        if (isNumber ? address.Value is not (0 or UdpEndpoint.InterfaceIndex) : !socket.IsLocal(address))
            return SocketError.AddressNotAvailable;
        socket.Settings.MulticastInterface = isNumber ? 0 : value;
        return SocketError.Success;
    }
}
