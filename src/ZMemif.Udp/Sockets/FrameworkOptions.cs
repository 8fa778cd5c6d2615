using System.Net.Sockets;

namespace ZMemif.Udp.Sockets;

/// <summary>
/// The framework's names for options of a UDP socket. Most stand for one option of Linux; those that mean something else on a
/// Linux host are here.
/// </summary>
internal static class FrameworkOptions
{
    /// <summary>A level that this host does not have, as Linux' number: options of IPv6 and of TCP.</summary>
    private const int ForeignLevel = -1;

    private static readonly Dictionary<(SocketOptionLevel Level, SocketOptionName Name), (int Level, int Name)> s_numbers = new()
    {
        [(SocketOptionLevel.Socket, SocketOptionName.Debug)] = (SocketOptionTable.SocketLevel, 1),
        [(SocketOptionLevel.Socket, SocketOptionName.Type)] = (SocketOptionTable.SocketLevel, 3),
        [(SocketOptionLevel.Socket, SocketOptionName.DontRoute)] = (SocketOptionTable.SocketLevel, 5),
        [(SocketOptionLevel.Socket, SocketOptionName.Broadcast)] = (SocketOptionTable.SocketLevel, 6),
        [(SocketOptionLevel.Socket, SocketOptionName.SendBuffer)] = (SocketOptionTable.SocketLevel, 7),
        [(SocketOptionLevel.Socket, SocketOptionName.ReceiveBuffer)] = (SocketOptionTable.SocketLevel, 8),
        [(SocketOptionLevel.Socket, SocketOptionName.KeepAlive)] = (SocketOptionTable.SocketLevel, 9),
        [(SocketOptionLevel.Socket, SocketOptionName.OutOfBandInline)] = (SocketOptionTable.SocketLevel, 10),
        [(SocketOptionLevel.Socket, SocketOptionName.ReceiveLowWater)] = (SocketOptionTable.SocketLevel, 18),
        [(SocketOptionLevel.Socket, SocketOptionName.SendLowWater)] = (SocketOptionTable.SocketLevel, 19),
        [(SocketOptionLevel.Socket, SocketOptionName.AcceptConnection)] = (SocketOptionTable.SocketLevel, 30),
        [(SocketOptionLevel.IP, SocketOptionName.IPOptions)] = (SocketOptionTable.SocketLevel, 1), // its number is SO_DEBUG's
        [(SocketOptionLevel.IP, SocketOptionName.TypeOfService)] = (SocketOptionTable.IpLevel, 1),
        [(SocketOptionLevel.IP, SocketOptionName.IpTimeToLive)] = (SocketOptionTable.IpLevel, 2),
        [(SocketOptionLevel.IP, SocketOptionName.HeaderIncluded)] = (SocketOptionTable.IpLevel, 3),
        [(SocketOptionLevel.IP, SocketOptionName.PacketInformation)] = (SocketOptionTable.IpLevel, 8),
        [(SocketOptionLevel.IP, SocketOptionName.MulticastInterface)] = (SocketOptionTable.IpLevel, 32),
        [(SocketOptionLevel.IP, SocketOptionName.MulticastTimeToLive)] = (SocketOptionTable.IpLevel, 33),
        [(SocketOptionLevel.IP, SocketOptionName.MulticastLoopback)] = (SocketOptionTable.IpLevel, 34),
        [(SocketOptionLevel.IPv6, SocketOptionName.HopLimit)] = (ForeignLevel, 0),
        [(SocketOptionLevel.IPv6, SocketOptionName.IPv6Only)] = (ForeignLevel, 0),
        [(SocketOptionLevel.IPv6, SocketOptionName.PacketInformation)] = (ForeignLevel, 0),
        [(SocketOptionLevel.IPv6, SocketOptionName.MulticastInterface)] = (ForeignLevel, 0),
        [(SocketOptionLevel.IPv6, SocketOptionName.MulticastTimeToLive)] = (ForeignLevel, 0),
        [(SocketOptionLevel.IPv6, SocketOptionName.MulticastLoopback)] = (ForeignLevel, 0),
        [(SocketOptionLevel.Tcp, SocketOptionName.NoDelay)] = (ForeignLevel, 0),
    };

    private static readonly Dictionary<(SocketOptionLevel Level, SocketOptionName Name), SocketOption> s_own = new()
    {
        [(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress)] = SocketOption.Flag(socket => socket.Settings.ReusesAddress, Share),
        [(SocketOptionLevel.Socket, SocketOptionName.ExclusiveAddressUse)] = SocketOption.Flag(socket => !socket.SharesPort, (socket, value) => Share(socket, !value)),
        [(SocketOptionLevel.Socket, SocketOptionName.ReceiveTimeout)] = new(
            socket => socket.Settings.ReceiveTimeout, (socket, value) => Keep(value, limit => socket.Settings.ReceiveTimeout = limit)),
        [(SocketOptionLevel.Socket, SocketOptionName.SendTimeout)] = new(
            socket => socket.Settings.SendTimeout, (socket, value) => Keep(value, limit => socket.Settings.SendTimeout = limit)),
        [(SocketOptionLevel.Socket, SocketOptionName.Error)] = SocketOption.ReadOnly(socket => (int)socket.Inbox.TakeFailure()),
        [(SocketOptionLevel.IP, SocketOptionName.DontFragment)] = SocketOption.Flag(
            socket => socket.Options.Discovery == Stack.PathMtuDiscovery.Do,
            (socket, value) => socket.Options = socket.Options with { Discovery = value ? Stack.PathMtuDiscovery.Do : Stack.PathMtuDiscovery.Dont }),
    };

    /// <summary>Options whose value is not a number; as one they can neither be read nor set.</summary>
    private static readonly HashSet<SocketOptionName> s_structures =
    [
        SocketOptionName.AddMembership, SocketOptionName.DropMembership, SocketOptionName.AddSourceMembership,
        SocketOptionName.DropSourceMembership, SocketOptionName.BlockSource, SocketOptionName.UnblockSource,
    ];

    /// <summary>Reads an option.</summary>
    internal static SocketError Get(UdpEndpoint socket, SocketOptionLevel level, SocketOptionName name, out int value)
    {
        value = 0;
        if (IsStructure(level, name))
            return SocketError.ProtocolOption;
        if (Find(level, name) is not { } option)
            return SocketError.OperationNotSupported;
        value = option.Get(socket);
        return SocketError.Success;
    }

    /// <summary>Changes an option.</summary>
    internal static SocketError Set(UdpEndpoint socket, SocketOptionLevel level, SocketOptionName name, int value)
    {
        if (IsStructure(level, name) || (level, name) == (SocketOptionLevel.Socket, SocketOptionName.Linger))
            return SocketError.InvalidArgument;
        if (Find(level, name) is { } option)
            return option.Set(socket, value);
        return s_numbers.ContainsKey((level, name)) ? SocketError.ProtocolOption : SocketError.OperationNotSupported;
    }

    /// <summary>Whether the option is about groups, and its value a structure.</summary>
    internal static bool IsStructure(SocketOptionLevel level, SocketOptionName name) =>
        level == SocketOptionLevel.IP && s_structures.Contains(name);

    private static SocketOption? Find(SocketOptionLevel level, SocketOptionName name) =>
        s_own.GetValueOrDefault((level, name))
        ?? (s_numbers.TryGetValue((level, name), out (int Level, int Name) number) ? SocketOptionTable.Find(number.Level, number.Name) : null);

    // The framework sets SO_REUSEADDR and SO_REUSEPORT together.
    private static void Share(UdpEndpoint socket, bool isShared) =>
        (socket.Settings.ReusesAddress, socket.Settings.ReusesPort) = (isShared, isShared);

    private static SocketError Keep(int milliseconds, Action<int> set)
    {
        set(Math.Max(milliseconds, 0));
        return SocketError.Success;
    }
}
