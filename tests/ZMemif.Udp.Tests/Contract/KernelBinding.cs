using System.Net;

namespace ZMemif.Udp.Tests.Contract;

/// <summary>The kernel's sockets over its loopback: what is right.</summary>
public sealed class KernelBinding : UdpBinding
{
    public override IUdpHost Here { get; } = new KernelHost();

    public override IUdpHost There => Here;

    public override IPAddress DirectedBroadcast { get; } = IPAddress.Parse("127.255.255.255");

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
