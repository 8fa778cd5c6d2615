namespace ZMemif.Udp.Differential;

/// <summary>What the network is like while a section is measured. Each condition is a process of its own.</summary>
internal enum Condition
{
    /// <summary>Only the loopback addresses; no route to anywhere else.</summary>
    Isolated,

    /// <summary>A default route and a multicast route, over the loopback interface.</summary>
    Routed,

    /// <summary>As <see cref="Isolated"/>, with an MTU of 1500.</summary>
    SmallMtu,

    /// <summary>Multicast goes out on a second interface, which does not loop by nature.</summary>
    SecondInterface,

    /// <summary>As <see cref="Routed"/>, with IPv6 switched off in the runtime.</summary>
    Ipv4Only,

    /// <summary>The interface takes few kilobytes per second, so that transmit queues fill.</summary>
    SlowTransmit,
}
