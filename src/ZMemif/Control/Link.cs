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

    /// <summary>Closes every queue's gate and lets go of the memory; nobody is waited for. Called once.</summary>
    internal void Close()
    {
        foreach (RxWalk walk in receive)
            walk.Close();
        foreach (TxWalk walk in transmit)
            walk.Close();
        generation.Release();
    }
}
