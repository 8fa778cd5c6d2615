namespace ZMemif.Control;

/// <summary>
/// The first touch of a link's rings, as a slow step of its handshake. The connection may end meanwhile: then the memory stays
/// until the touch is over.
/// </summary>
internal sealed class LinkOpening(Link link)
{
    private string? _wrong;

    internal Link Link => link;

    /// <summary>Opens the rings; anywhere but on the control thread. Throws nothing.</summary>
    internal void Run()
    {
        if (!link.Generation.TryRetain())
            return;
        _wrong = link.Open();
        link.Generation.Release();
    }

    /// <exception cref="MemifException">The peer broke a rule.</exception>
    internal void ThrowIfWrong()
    {
        if (_wrong is not null)
            throw new MemifException(MemifErrorCode.ProtocolViolation, $"The peer {_wrong}.");
    }
}
