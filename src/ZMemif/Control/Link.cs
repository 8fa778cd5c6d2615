using ZMemif.Memory;
using ZMemif.Queues;

namespace ZMemif.Control;

/// <summary>
/// A completed handshake: the shared memory with both directions as seen from this end, and who the peer says it is.
/// Holds the owner's reference to the generation.
/// </summary>
internal sealed class Link(Generation generation, RxWalk[] receive, TxWalk[] transmit, string peerApplication, string peerInterface)
{
    internal Generation Generation => generation;

    internal RxWalk[] Receive => receive;

    internal TxWalk[] Transmit => transmit;

    internal string PeerApplication => peerApplication;

    internal string PeerInterface => peerInterface;

    /// <summary>
    /// Touches the rings for the first time. The peer can make that last: not for the control thread.
    /// </summary>
    /// <returns>What the peer did wrong, or null.</returns>
    internal string? Open()
    {
        foreach (QueueWalk walk in (IEnumerable<QueueWalk>)[.. receive, .. transmit])
        {
            if (walk.Open() is { } wrong)
                return wrong;
        }

        return null;
    }

    /// <summary>Ends a link that has never been up.</summary>
    internal void Abandon()
    {
        foreach (RxWalk walk in receive)
            walk.Close();
        EndSending();
    }

    /// <summary>
    /// Closes the gates of what sends and lets go of the memory; nobody is waited for. What receives belongs to the port since it
    /// was told of the link: it may still read what the peer sent before it left. Called once.
    /// </summary>
    internal void EndSending()
    {
        foreach (TxWalk walk in transmit)
            walk.Close();
        generation.Release();
    }

    /// <summary>Closes what has nothing to be read any more, whether or not anybody reads; after its port was told of the end. A look at the rings.</summary>
    internal void CloseExhausted()
    {
        foreach (RxWalk walk in receive)
            walk.CloseIfEmpty();
    }
}
