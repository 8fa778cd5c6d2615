namespace ZMemif.Udp.Differential;

/// <summary>A part of the table of measurements.</summary>
/// <param name="Condition">What the network must be like.</param>
/// <param name="Probes">The rows.</param>
/// <param name="Alone">
/// Whether nothing else may run meanwhile in the same network: the rows measure time, memory, or what every socket of the host gets.
/// </param>
internal sealed record Section(Condition Condition, Probe[] Probes, bool Alone = false);
