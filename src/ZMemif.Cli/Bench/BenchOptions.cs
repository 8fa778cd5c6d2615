namespace ZMemif.Cli.Bench;

/// <summary>What to measure.</summary>
/// <param name="Size">Bytes per frame (raw) or per payload (udp).</param>
/// <param name="Burst">Packets per publication (raw), or on their way at most (udp).</param>
/// <param name="Seconds">How long to send.</param>
/// <param name="Socket">The control socket's address.</param>
/// <param name="Cpus">The sender's processor and the receiver's.</param>
internal sealed record BenchOptions(int Size, int Burst, double Seconds, string Socket, (int Sender, int Receiver) Cpus);
