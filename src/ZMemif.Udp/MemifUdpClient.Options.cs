using System.Net.Sockets;
using System.Runtime.Versioning;

namespace ZMemif.Udp;

/// <content>Options. They are the socket's; after <see cref="Close"/> there is none, which gives a <see cref="NullReferenceException"/>.</content>
public partial class MemifUdpClient
{
    /// <inheritdoc cref="MemifDatagramSocket.Ttl"/>
    public short Ttl
    {
        get => Client.Ttl;
        set => Client.Ttl = value;
    }

    /// <inheritdoc cref="MemifDatagramSocket.DontFragment"/>
    public bool DontFragment
    {
        get => Client.DontFragment;
        set => Client.DontFragment = value;
    }

    /// <inheritdoc cref="MemifDatagramSocket.MulticastLoopback"/>
    public bool MulticastLoopback
    {
        get => Client.MulticastLoopback;
        set => Client.MulticastLoopback = value;
    }

    /// <inheritdoc cref="MemifDatagramSocket.EnableBroadcast"/>
    public bool EnableBroadcast
    {
        get => Client.EnableBroadcast;
        set => Client.EnableBroadcast = value;
    }

    /// <inheritdoc cref="MemifDatagramSocket.ExclusiveAddressUse"/>
    public bool ExclusiveAddressUse
    {
        get => Client.ExclusiveAddressUse;
        set => Client.ExclusiveAddressUse = value;
    }

    /// <summary>Not on Linux.</summary>
    /// <exception cref="PlatformNotSupportedException">Always.</exception>
    [SupportedOSPlatform("windows")]
    public void AllowNatTraversal(bool allowed) =>
        Client.SetIPProtectionLevel(allowed ? IPProtectionLevel.Unrestricted : IPProtectionLevel.EdgeRestricted);
}
