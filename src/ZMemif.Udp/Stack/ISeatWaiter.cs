namespace ZMemif.Udp.Stack;

/// <summary>A thread that waits for a datagram and would drain the link itself.</summary>
internal interface ISeatWaiter
{
    /// <summary>The seat may be free: come and look. Thread-safe, does not block.</summary>
    void Invite();
}
