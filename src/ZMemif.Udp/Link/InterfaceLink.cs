namespace ZMemif.Udp.Link;

/// <summary>The link that an interface's options ask for.</summary>
internal static class InterfaceLink
{
    /// <summary>Opens it; faults are between the stack and the link only if there are any.</summary>
    /// <exception cref="MemifException">Listening failed, or the capture's file cannot be created.</exception>
    internal static ILink Open(MemifInterfaceOptions options, TimeProvider time)
    {
        ILink link = options.Loopback ? new LoopbackLink() : new MemifLink(options);
        return options.Faults is { AreNone: false } faults ? new FaultLink(link, faults, time) : link;
    }
}
