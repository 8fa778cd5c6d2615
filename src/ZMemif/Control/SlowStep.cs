namespace ZMemif.Control;

/// <summary>A step of a handshake that a peer can make last, so that it is done elsewhere than on the control thread.</summary>
/// <param name="Run">What to do; throws nothing.</param>
/// <param name="IsBounded">
/// Whether it ends by itself after a fraction of a second, whatever the peer does.
/// </param>
internal sealed record SlowStep(Action Run, bool IsBounded);
