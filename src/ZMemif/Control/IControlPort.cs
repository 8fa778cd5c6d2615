namespace ZMemif.Control;

/// <summary>What the control channel needs from the port it serves. All calls come on the control thread.</summary>
internal interface IControlPort
{
    /// <summary>What the port is configured to be.</summary>
    PortIdentity Identity { get; }

    /// <summary>Whether a connection holds this port, from the first accepted INIT to the end of the link.</summary>
    bool IsTaken { get; set; }

    /// <summary>The link is up; the port takes the link over.</summary>
    void LinkUp(Link link);

    /// <summary>Something is not right, but goes on.</summary>
    void Warn(string warning);

    /// <summary>The link, or an attempt at one, ended.</summary>
    void LinkDown(MemifException cause);

    /// <summary>Whether the port tries to get a link, as it does from its beginning.</summary>
    void Trying(bool isTrying);
}
