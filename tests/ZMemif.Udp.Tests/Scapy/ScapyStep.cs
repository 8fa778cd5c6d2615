namespace ZMemif.Udp.Tests.Scapy;

/// <summary>A frame that arrives, or time that passes, and what becomes of it.</summary>
/// <param name="Frame">The frame; null for time.</param>
/// <param name="Seconds">How much time.</param>
/// <param name="Outcome">What happens, in the words of <c>make_cases.py</c>, joined by " + ".</param>
internal sealed record ScapyStep(byte[]? Frame, int Seconds, string Outcome)
{
    private const int EtherTypeStart = 12;
    private const int ProtocolStart = 23;

    /// <summary>Whether it carries IGMP, which is answered some time later.</summary>
    internal bool IsIgmp => Frame is { Length: > ProtocolStart } && (Frame[EtherTypeStart], Frame[EtherTypeStart + 1], Frame[ProtocolStart]) == (8, 0, 2);
}
