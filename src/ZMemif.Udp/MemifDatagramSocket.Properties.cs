using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;

namespace ZMemif.Udp;

/// <content>Options that have a property, and what the host supports.</content>
public partial class MemifDatagramSocket
{
    /// <summary>Whether the host has IPv4: always.</summary>
    public static bool OSSupportsIPv4 => true;

    /// <summary>Whether the host has IPv6: an IPv4-only host is modelled.</summary>
    public static bool OSSupportsIPv6 => false;

    /// <summary>Whether the host has Unix domain sockets: not these.</summary>
    public static bool OSSupportsUnixDomainSockets => false;

    /// <inheritdoc cref="OSSupportsIPv4"/>
    [Obsolete("SupportsIPv4 has been deprecated. Use OSSupportsIPv4 instead.")]
    public static bool SupportsIPv4 => OSSupportsIPv4;

    /// <inheritdoc cref="OSSupportsIPv6"/>
    [Obsolete("SupportsIPv6 has been deprecated. Use OSSupportsIPv6 instead.")]
    public static bool SupportsIPv6 => OSSupportsIPv6;

    /// <summary>Whether datagrams may be sent to broadcast addresses.</summary>
    public bool EnableBroadcast
    {
        get => GetOption(SocketOptionLevel.Socket, SocketOptionName.Broadcast) != 0;
        set => SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Broadcast, value);
    }

    /// <summary>
    /// Whether the port is this socket's alone. If not, others that share as well may have the same: of several that match a
    /// datagram one is chosen by its flow, and one to a group or a broadcast address reaches all.
    /// </summary>
    /// <exception cref="InvalidOperationException">Set on a socket that is bound.</exception>
    public bool ExclusiveAddressUse
    {
        get => GetOption(SocketOptionLevel.Socket, SocketOptionName.ExclusiveAddressUse) != 0;
        set
        {
            if (IsBound)
                throw new InvalidOperationException("The socket must not be bound yet.");
            SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ExclusiveAddressUse, value);
        }
    }

    /// <summary>
    /// How much the receive buffer holds, in bytes, counting an overhead for each datagram: n reads back as 2n, within 2,304 and
    /// 8,388,608, as on Linux. Defaults to 212,992, which is 256 small datagrams.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int ReceiveBufferSize
    {
        get => GetOption(SocketOptionLevel.Socket, SocketOptionName.ReceiveBuffer);
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReceiveBuffer, value);
        }
    }

    /// <summary>
    /// The longest datagram in bytes, and how many may pend in asynchronous sends: n reads back as 2n, within 4,608 and 8,388,608.
    /// Defaults to 212,992.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int SendBufferSize
    {
        get => GetOption(SocketOptionLevel.Socket, SocketOptionName.SendBuffer);
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.SendBuffer, value);
        }
    }

    /// <summary>How long a synchronous receive waits, in milliseconds; 0 or −1 for no limit.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below −1.</exception>
    public int ReceiveTimeout
    {
        get => GetOption(SocketOptionLevel.Socket, SocketOptionName.ReceiveTimeout);
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, Timeout.Infinite);
            SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReceiveTimeout, value);
        }
    }

    /// <summary>How long a synchronous send waits for room on the ring, in milliseconds; 0 or −1 for no limit.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below −1.</exception>
    public int SendTimeout
    {
        get => GetOption(SocketOptionLevel.Socket, SocketOptionName.SendTimeout);
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, Timeout.Infinite);
            SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.SendTimeout, value);
        }
    }

    /// <summary>How many routers a datagram may pass, 1 to 255; to groups it is <see cref="SocketOptionName.MulticastTimeToLive"/>. Defaults to 64.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not 0 to 255.</exception>
    /// <exception cref="SocketException">The value is 0.</exception>
    public short Ttl
    {
        get => (short)GetOption(SocketOptionLevel.IP, SocketOptionName.IpTimeToLive);
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, byte.MaxValue);
            SetSocketOption(SocketOptionLevel.IP, SocketOptionName.IpTimeToLive, value);
        }
    }

    /// <summary>
    /// Whether packets must not be cut: what does not fit the path then fails with <see cref="SocketError.MessageSize"/>. Until it is
    /// set, packets that fit are sent so and others are cut here; set to false, anybody may cut any (RFC 1191).
    /// </summary>
    public bool DontFragment
    {
        get => GetOption(SocketOptionLevel.IP, SocketOptionName.DontFragment) != 0;
        set => SetSocketOption(SocketOptionLevel.IP, SocketOptionName.DontFragment, value);
    }

    /// <summary>Whether sockets of this interface, this one too, hear what it sends to a group they have joined. Defaults to true.</summary>
    public bool MulticastLoopback
    {
        get => GetOption(SocketOptionLevel.IP, SocketOptionName.MulticastLoopback) != 0;
        set => SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastLoopback, value);
    }

    /// <summary>Stored, and without effect on datagrams, as on Linux.</summary>
    /// <exception cref="ArgumentNullException">Set to null.</exception>
    /// <exception cref="ArgumentException">The time is not 0 to 65,535 seconds.</exception>
    [DisallowNull]
    public LingerOption? LingerState
    {
        get
        {
            ThrowIfDisposed();
            (bool isOn, int seconds) = _endpoint.Settings.Linger;
            return new LingerOption(isOn, seconds);
        }

        set => SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Linger, value!);
    }

    /// <summary>Of TCP only.</summary>
    /// <exception cref="SocketException">Always.</exception>
    public bool NoDelay
    {
        get => GetOption(SocketOptionLevel.Tcp, SocketOptionName.NoDelay) != 0;
        set => SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.NoDelay, value);
    }

    /// <summary>Whether an IPv6 socket takes IPv4 as well: there is no such socket here.</summary>
    /// <exception cref="NotSupportedException">Set.</exception>
    public bool DualMode
    {
        get => false;
        set => throw new NotSupportedException("Only sockets of IPv6 have two modes.");
    }

    /// <summary>Without effect, and always false, as on Linux.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    [Obsolete("UseOnlyOverlappedIO has been deprecated and is not supported.")]
    public bool UseOnlyOverlappedIO
    {
        get => false;
        set { }
    }
}
