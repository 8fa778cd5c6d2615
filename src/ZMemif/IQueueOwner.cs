using ZMemif.Memory;

namespace ZMemif;

/// <summary>What a queue needs from its port.</summary>
internal interface IQueueOwner
{
    /// <summary>Where packets are copied to, if somebody captures.</summary>
    PcapWriter? Capture { get; }

    /// <summary>The peer broke a rule on a ring: the link of this generation, and no later one, has to end. Thread-safe.</summary>
    void Fail(Generation generation, string violation);

    /// <summary>An event was written: somebody should see to it that the peer looks. Thread-safe, cheap.</summary>
    void Kicked();
}
