namespace ZMemif;

/// <summary>
/// What a server does with memory that its client can still shrink. A touch behind the end of a truncated file kills the
/// process with SIGBUS, which .NET cannot catch.
/// </summary>
public enum MemifSealPolicy
{
    /// <summary>Refuse it. Clients that lend pools of huge pages ("zero copy" of VPP and DPDK) cannot connect.</summary>
    Require = 0,

    /// <summary>Accept it and say so, once per connection, by <see cref="MemifSocket.Error"/>. For trusted clients.</summary>
    Warn = 1,

    /// <summary>Accept it. For trusted clients.</summary>
    Ignore = 2,
}
