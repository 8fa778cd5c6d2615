namespace ZMemif.Udp.Differential;

/// <summary>Every named option on a fresh socket, read, set to 1, and read again: I-001 to I-051.</summary>
internal static class OptionMatrixProbes
{
    public static Probe[] Rows { get; } =
    [
        new("I-001", "Socket.Debug", GetSetGet(SocketOptionLevel.Socket, SocketOptionName.Debug)),
        new("I-002", "Socket.AcceptConnection", GetSetGet(SocketOptionLevel.Socket, SocketOptionName.AcceptConnection)),
        new("I-003", "Socket.ReuseAddress", GetSetGet(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress)),
        new("I-004", "Socket.KeepAlive", GetSetGet(SocketOptionLevel.Socket, SocketOptionName.KeepAlive)),
        new("I-005", "Socket.DontRoute", GetSetGet(SocketOptionLevel.Socket, SocketOptionName.DontRoute)),
        new("I-006", "Socket.Broadcast", GetSetGet(SocketOptionLevel.Socket, SocketOptionName.Broadcast)),
        new("I-007", "Socket.UseLoopback", GetSetGet(SocketOptionLevel.Socket, SocketOptionName.UseLoopback)),
        new("I-008", "Socket.Linger", GetSetGet(SocketOptionLevel.Socket, SocketOptionName.Linger)),
        new("I-009", "Socket.OutOfBandInline", GetSetGet(SocketOptionLevel.Socket, SocketOptionName.OutOfBandInline)),
        new("I-010", "Socket.DontLinger", GetSetGet(SocketOptionLevel.Socket, SocketOptionName.DontLinger)),
        new("I-011", "Socket.ExclusiveAddressUse", GetSetGet(SocketOptionLevel.Socket, SocketOptionName.ExclusiveAddressUse)),
        new("I-012", "Socket.SendBuffer", GetSetGet(SocketOptionLevel.Socket, SocketOptionName.SendBuffer)),
        new("I-013", "Socket.ReceiveBuffer", GetSetGet(SocketOptionLevel.Socket, SocketOptionName.ReceiveBuffer)),
        new("I-014", "Socket.SendLowWater", GetSetGet(SocketOptionLevel.Socket, SocketOptionName.SendLowWater)),
        new("I-015", "Socket.ReceiveLowWater", GetSetGet(SocketOptionLevel.Socket, SocketOptionName.ReceiveLowWater)),
        new("I-016", "Socket.SendTimeout", GetSetGet(SocketOptionLevel.Socket, SocketOptionName.SendTimeout)),
        new("I-017", "Socket.ReceiveTimeout", GetSetGet(SocketOptionLevel.Socket, SocketOptionName.ReceiveTimeout)),
        new("I-018", "Socket.Error", GetSetGet(SocketOptionLevel.Socket, SocketOptionName.Error)),
        new("I-019", "Socket.Type", GetSetGet(SocketOptionLevel.Socket, SocketOptionName.Type)),
        new("I-020", "Socket.ReuseUnicastPort", GetSetGet(SocketOptionLevel.Socket, SocketOptionName.ReuseUnicastPort)),
        new("I-021", "Socket.UpdateAcceptContext", GetSetGet(SocketOptionLevel.Socket, SocketOptionName.UpdateAcceptContext)),
        new("I-022", "Socket.UpdateConnectContext", GetSetGet(SocketOptionLevel.Socket, SocketOptionName.UpdateConnectContext)),
        new("I-023", "Socket.MaxConnections", GetSetGet(SocketOptionLevel.Socket, SocketOptionName.MaxConnections)),
        new("I-024", "IP.IPOptions", GetSetGet(SocketOptionLevel.IP, SocketOptionName.IPOptions)),
        new("I-025", "IP.HeaderIncluded", GetSetGet(SocketOptionLevel.IP, SocketOptionName.HeaderIncluded)),
        new("I-026", "IP.TypeOfService", GetSetGet(SocketOptionLevel.IP, SocketOptionName.TypeOfService)),
        new("I-027", "IP.IpTimeToLive", GetSetGet(SocketOptionLevel.IP, SocketOptionName.IpTimeToLive)),
        new("I-028", "IP.MulticastInterface", GetSetGet(SocketOptionLevel.IP, SocketOptionName.MulticastInterface)),
        new("I-029", "IP.MulticastTimeToLive", GetSetGet(SocketOptionLevel.IP, SocketOptionName.MulticastTimeToLive)),
        new("I-030", "IP.MulticastLoopback", GetSetGet(SocketOptionLevel.IP, SocketOptionName.MulticastLoopback)),
        new("I-031", "IP.AddMembership", GetSetGet(SocketOptionLevel.IP, SocketOptionName.AddMembership)),
        new("I-032", "IP.DropMembership", GetSetGet(SocketOptionLevel.IP, SocketOptionName.DropMembership)),
        new("I-033", "IP.DontFragment", GetSetGet(SocketOptionLevel.IP, SocketOptionName.DontFragment)),
        new("I-034", "IP.AddSourceMembership", GetSetGet(SocketOptionLevel.IP, SocketOptionName.AddSourceMembership)),
        new("I-035", "IP.DropSourceMembership", GetSetGet(SocketOptionLevel.IP, SocketOptionName.DropSourceMembership)),
        new("I-036", "IP.BlockSource", GetSetGet(SocketOptionLevel.IP, SocketOptionName.BlockSource)),
        new("I-037", "IP.UnblockSource", GetSetGet(SocketOptionLevel.IP, SocketOptionName.UnblockSource)),
        new("I-038", "IP.PacketInformation", GetSetGet(SocketOptionLevel.IP, SocketOptionName.PacketInformation)),
        new("I-039", "IP.HopLimit", GetSetGet(SocketOptionLevel.IP, SocketOptionName.HopLimit)),
        new("I-040", "IP.IPProtectionLevel", GetSetGet(SocketOptionLevel.IP, SocketOptionName.IPProtectionLevel)),
        new("I-041", "IP.IPv6Only", GetSetGet(SocketOptionLevel.IP, SocketOptionName.IPv6Only)),
        new("I-042", "Udp.NoChecksum", GetSetGet(SocketOptionLevel.Udp, SocketOptionName.NoChecksum)),
        new("I-043", "Udp.ChecksumCoverage", GetSetGet(SocketOptionLevel.Udp, SocketOptionName.ChecksumCoverage)),
        new("I-044", "Udp.UpdateAcceptContext", GetSetGet(SocketOptionLevel.Udp, SocketOptionName.UpdateAcceptContext)),
        new("I-045", "Udp.UpdateConnectContext", GetSetGet(SocketOptionLevel.Udp, SocketOptionName.UpdateConnectContext)),
        new("I-046", "IPv6.HopLimit", GetSetGet(SocketOptionLevel.IPv6, SocketOptionName.HopLimit)),
        new("I-047", "IPv6.IPv6Only", GetSetGet(SocketOptionLevel.IPv6, SocketOptionName.IPv6Only)),
        new("I-048", "IPv6.PacketInformation", GetSetGet(SocketOptionLevel.IPv6, SocketOptionName.PacketInformation)),
        new("I-049", "IPv6.MulticastInterface", GetSetGet(SocketOptionLevel.IPv6, SocketOptionName.MulticastInterface)),
        new("I-050", "Tcp.NoDelay", GetSetGet(SocketOptionLevel.Tcp, SocketOptionName.NoDelay)),
        new("I-051", "Tcp.BsdUrgent", GetSetGet(SocketOptionLevel.Tcp, SocketOptionName.BsdUrgent)),
    ];

    private static Func<Bench, string> GetSetGet(SocketOptionLevel level, SocketOptionName name) => b =>
    {
        Socket socket = b.Fresh();
        string before = Get();
        string set = Try(() => socket.SetSocketOption(level, name, 1));
        return $"{before} || {(set == "ok" ? "\"ok\"" : set)} || {Get()}";

        string Get() => Try(() => socket.GetSocketOption(level, name) switch
        {
            LingerOption linger => $"\"Linger({Value(linger)})\"",
            object value => value,
            null => null,
        });
    };
}
