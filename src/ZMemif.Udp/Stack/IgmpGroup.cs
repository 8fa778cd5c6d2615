using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>One group: what the routers were told of it last, and what is to be said of it later. Not thread-safe.</summary>
internal sealed class IgmpGroup(Ipv4Address address)
{
    internal Ipv4Address Address => address;

    /// <summary>The last word about the group; none when it was never joined, or has been left.</summary>
    internal GroupFilter Told { get; set; } = GroupFilter.None;

    internal IgmpAnswer? Answer { get; set; }

    internal IgmpRepetition? Repetition { get; set; }

    /// <summary>When something is to be said, as a timestamp of the clock; <see cref="long.MaxValue"/> for never.</summary>
    internal long Due => Math.Min(Answer?.At ?? long.MaxValue, Repetition?.At ?? long.MaxValue);

    /// <summary>Nothing is left to be remembered.</summary>
    internal bool IsDone => Told.IsNone && Due == long.MaxValue;

    internal void Cancel()
    {
        Answer = null;
        Repetition = null;
    }
}
