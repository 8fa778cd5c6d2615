using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace ZMemif.Udp.Tests.Contract;

/// <summary>A socket that nobody refers to any more: what pends in it goes on, and an idle one gives its port back.</summary>
public sealed class UnreferencedSocketTests : IDisposable
{
    private readonly MemifInterface _interface =
        MemifInterface.OpenAsync("Loopback=true;Address=192.0.2.1/24").GetAwaiter().GetResult();

    public void Dispose() => _interface.Dispose();

    [Fact]
    public async Task ReceiveAsync_NobodyRefersToTheClient_ReceivesAllTheSame()
    {
        Task<UdpReceiveResult> pending = ReceiveAndForget(port: 4000);
        CollectGarbage();

        using var sender = new MemifUdpClient(_interface);
        sender.Send("found"u8, new IPEndPoint(IPAddress.Loopback, 4000));

        Assert.Equal("found"u8.ToArray(), (await pending.Soon()).Buffer);
    }

    [Fact]
    public void Client_NobodyRefersToIt_GivesItsPortBack()
    {
        BindAndForget(port: 4001);
        CollectGarbage();

        using var next = new MemifUdpClient(_interface, 4001);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Task<UdpReceiveResult> ReceiveAndForget(int port) => new MemifUdpClient(_interface, port).ReceiveAsync();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void BindAndForget(int port) => _ = new MemifUdpClient(_interface, port).Client.LocalEndPoint;

    private static void CollectGarbage()
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }
}
