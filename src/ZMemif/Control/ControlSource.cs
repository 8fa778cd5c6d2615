using ZMemif.Native;

namespace ZMemif.Control;

/// <summary>Something that the control thread watches: a descriptor to read, a deadline to keep, or both.</summary>
internal abstract class ControlSource
{
    /// <summary>The descriptor to watch for input, or null.</summary>
    internal abstract FileDescriptor? Descriptor { get; }

    /// <summary>When <see cref="OnDeadline"/> is due, as a timestamp of the loop's clock; null for never.</summary>
    internal long? Deadline { get; private protected set; }

    /// <summary>Whether the control thread has to stay for it when the last socket is gone.</summary>
    internal virtual bool OutlivesSockets => false;

    internal abstract void OnReadable();

    internal virtual void OnDeadline()
    {
    }
}
