namespace ZMemif.Udp.Stack;

/// <summary>A change that is to be told again, as a report may be lost (RFC 3376 §5.1).</summary>
/// <param name="At">When, as a timestamp of the clock.</param>
/// <param name="Left">How often, this time included; at least once.</param>
/// <param name="Change">The change.</param>
internal sealed record IgmpRepetition(long At, int Left, IgmpChange Change);
