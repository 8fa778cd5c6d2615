using ZMemif.Udp.Stack;

namespace ZMemif.Udp.Sockets;

/// <summary>What the sockets of one interface share.</summary>
/// <param name="Stack">The host they are on.</param>
/// <param name="Engine">What takes frames off the host's link.</param>
/// <param name="Pressure">Holds the link back while a receive buffer is full; null when what is too much is dropped.</param>
internal sealed record UdpHost(IpStack Stack, RxEngine Engine, BackPressure? Pressure)
{
    /// <summary>Those who wait for room on the link.</summary>
    internal SendLine Sends { get; } = new();

    /// <summary>Those who wait for room in a receive buffer of this host, under <see cref="MemifOverflow.Hold"/>: they hold nobody back who sends to the link.</summary>
    internal SendLine LocalSends { get; } = new();
}
