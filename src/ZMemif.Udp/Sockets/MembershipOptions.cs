using System.Buffers.Binary;
using System.Net.Sockets;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Sockets;

/// <summary>The options that join and leave groups (ip(7)): their structures, and which interface they name. There is one.</summary>
internal static class MembershipOptions
{
    private const int TwoAddresses = 2 * Ipv4Address.Length;      // struct ip_mreq
    private const int ThreeFields = 3 * Ipv4Address.Length;       // struct ip_mreqn, struct ip_mreq_source

    /// <summary>Linux' ENODEV, which the framework has no word for.</summary>
    private const SocketError NoSuchDevice = SocketError.SocketError;

    /// <summary>Joins or leaves a group.</summary>
    internal static SocketError Set(UdpEndpoint socket, bool isJoin, MulticastOption option)
    {
        if (option.Group.AddressFamily != AddressFamily.InterNetwork)
            return SocketError.InvalidArgument;
        var local = option.LocalAddress is { AddressFamily: AddressFamily.InterNetwork } address ? Ipv4Address.FromIPAddress(address) : Ipv4Address.Any;
        return Set(socket, isJoin, Ipv4Address.FromIPAddress(option.Group), local, option.InterfaceIndex);
    }

    /// <summary>Joins, leaves or filters a group as a structure says.</summary>
    internal static SocketError Set(UdpEndpoint socket, SocketOptionName name, ReadOnlySpan<byte> structure) => name switch
    {
        SocketOptionName.AddMembership or SocketOptionName.DropMembership => SetGroup(socket, name == SocketOptionName.AddMembership, structure),
        _ => structure.Length < ThreeFields ? SocketError.InvalidArgument : SetSource(socket, name, structure),
    };

    private static SocketError SetGroup(UdpEndpoint socket, bool isJoin, ReadOnlySpan<byte> structure)
    {
        if (structure.Length < TwoAddresses)
            return SocketError.InvalidArgument;
        int index = structure.Length < ThreeFields ? 0 : BinaryPrimitives.ReadInt32LittleEndian(structure[TwoAddresses..]);
        return Set(socket, isJoin, Ipv4Address.Read(structure), Ipv4Address.Read(structure[Ipv4Address.Length..]), index);
    }

    private static SocketError Set(UdpEndpoint socket, bool isJoin, Ipv4Address group, Ipv4Address local, int index)
    {
        if (isJoin && !group.IsMulticast)
            return SocketError.InvalidArgument;
        if (!IsThere(socket, local, index) || (local.IsAny && index == 0 && !socket.HasRoute(group)))
            return NoSuchDevice;
        return isJoin ? socket.Groups.Join(group) : socket.Groups.Leave(group);
    }

    private static SocketError SetSource(UdpEndpoint socket, SocketOptionName name, ReadOnlySpan<byte> structure)
    {
        var group = Ipv4Address.Read(structure);
        var source = Ipv4Address.Read(structure[TwoAddresses..]);
        if (!group.IsMulticast)
            return SocketError.InvalidArgument;
        if (!IsThere(socket, Ipv4Address.Read(structure[Ipv4Address.Length..]), index: 0))
            return NoSuchDevice;
        return name switch
        {
            SocketOptionName.AddSourceMembership => socket.Groups.JoinSource(group, source),
            SocketOptionName.DropSourceMembership => socket.Groups.LeaveSource(group, source),
            SocketOptionName.BlockSource => socket.Groups.BlockSource(group, source),
            _ => socket.Groups.UnblockSource(group, source),
        };
    }

    private static bool IsThere(UdpEndpoint socket, Ipv4Address local, int index) =>
        index != 0 ? index == UdpEndpoint.InterfaceIndex : socket.IsLocal(local);
}
