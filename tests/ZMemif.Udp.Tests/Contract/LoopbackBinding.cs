using System.Net;

namespace ZMemif.Udp.Tests.Contract;

/// <summary>Our sockets on the default interface, which has no peer: datagrams stay in the process.</summary>
public sealed class LoopbackBinding : UdpBinding
{
    private long _loopedBefore;

    public override IUdpHost Here { get; } = new DefaultMemifHost();

    public override IUdpHost There => Here;

    public override IPAddress DirectedBroadcast { get; } = IPAddress.Parse("127.255.255.255");

    public override ValueTask InitializeAsync()
    {
        _loopedBefore = DefaultMemifHost.Interface.Statistics.DatagramsLooped;
        return base.InitializeAsync();
    }

    public override ValueTask DisposeAsync()
    {
        Assert.True(DefaultMemifHost.Interface.Statistics.DatagramsLooped > _loopedBefore, "No datagram was looped back.");
        return ValueTask.CompletedTask;
    }
}
