namespace ZMemif.Udp.HostTests.Captures;

/// <summary>Who sent a captured frame.</summary>
internal enum FrameSender
{
    /// <summary>The Linux kernel.</summary>
    Kernel,

    /// <summary>The host under test.</summary>
    Host,
}
