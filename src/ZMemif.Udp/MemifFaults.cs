namespace ZMemif.Udp;

/// <summary>
/// A bad network between an interface and its peer, for tests of programs: which faults befall the frames, in both
/// directions. As text, of the connection string's key <c>Faults</c>: <c>loss:0.01,reorder:0.02,delay:2ms,seed:7</c>.
/// </summary>
/// <remarks>
/// Probabilities are from 0, never, to 1, always, and are rolled for each frame on its own, or for <see cref="Full"/> each time
/// that something is sent. The dice of each queue and direction have their own seed, so that the same frames in the same order
/// have the same fates in each run. What was done is counted: <see cref="MemifInterfaceStatistics.FaultsOnReceive"/> and
/// <see cref="MemifInterfaceStatistics.FaultsOnTransmit"/>. Setters take any value; the options judge them when the interface
/// is opened, and what is changed later has no effect.
/// </remarks>
public sealed class MemifFaults
{
    /// <summary>How probable it is that a frame is lost. As text, <c>loss</c>.</summary>
    public double Loss { get; set; }

    /// <summary>How probable it is that a frame comes twice. As text, <c>duplicate</c>.</summary>
    public double Duplicate { get; set; }

    /// <summary>
    /// How probable it is that a frame waits to be overtaken by the next one; at most 10 ms, if none comes. As text, <c>reorder</c>.
    /// </summary>
    public double Reorder { get; set; }

    /// <summary>How probable it is that one bit of a frame, anywhere, is flipped. As text, <c>corrupt</c>.</summary>
    public double Corrupt { get; set; }

    /// <summary>
    /// How long each frame is under way at least, 0 to 10 s; timers make it up to about 4 ms more. As text, <c>delay</c>. Of one
    /// queue and direction, 16 MiB are under way at most, and what comes on top is lost; on the way out they take the slots of
    /// the ring that they will need, too.
    /// </summary>
    public TimeSpan Delay { get; set; }

    /// <summary>
    /// How probable it is that a send finds the ring full, as if the peer had paused; it pauses for 1 ms, or with 1 for ever. As
    /// text, <c>full</c>.
    /// </summary>
    public double Full { get; set; }

    /// <summary>Where the dice begin. As text, <c>seed</c>.</summary>
    public int Seed { get; set; }

    /// <summary>Whether every frame passes as if there were no faults.</summary>
    internal bool AreNone => Loss == 0 && Duplicate == 0 && Reorder == 0 && Corrupt == 0 && Full == 0 && Delay == TimeSpan.Zero;

    /// <summary>Reads the text form, <c>fault:value,…</c>; names are case-insensitive, white space does not matter.</summary>
    /// <exception cref="ArgumentException">A part is unknown, given twice or bad; the message names it.</exception>
    public static MemifFaults Parse(string faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        return MemifFaultsText.TryParse(faults, out MemifFaults parsed) is { } problem ? throw new ArgumentException(problem, nameof(faults)) : parsed;
    }

    /// <summary>The text form, in one fixed order and without what is 0.</summary>
    public override string ToString() => MemifFaultsText.Write(this);

    internal MemifFaults Copy() => (MemifFaults)MemberwiseClone();
}
