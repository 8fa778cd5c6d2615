using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Contract;

/// <summary>Begin and End of <c>UdpClient</c> (contract §5.7, §15).</summary>
public abstract class UdpClientApmContract(UdpBinding binding)
{
    private const int Rounds = 20;

    [Fact]
    public async Task BeginReceive_Pending_CallsBackWithTheState()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using IUdpClientUnderTest client = binding.BoundClient();
        var calledBack = new TaskCompletionSource<IAsyncResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        IAsyncResult result = client.BeginReceive(calledBack.SetResult, "state");
        Assert.IsNotType<Task>(result, exactMatch: false);

        peer.Send("0123456789"u8, client.LocalEndPoint());

        Assert.Same(result, await calledBack.Task.Soon());
        Assert.Equal(("state", false), (result.AsyncState, result.CompletedSynchronously));
        IPEndPoint? from = null;
        Assert.Equal("0123456789"u8, client.EndReceive(result, ref from));
        Assert.Equal(peer.LocalEndPoint(), from);
        Assert.Equal("0123456789"u8, client.EndReceive(result, ref from));
    }

    [Fact]
    public async Task BeginSend_EveryForm_Sends()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using IUdpClientUnderTest client = binding.BoundClient();
        IPEndPoint to = peer.LocalEndPoint();

        Assert.Equal(1, client.EndSend(client.BeginSend([1, 2], 1, to, null, null)));
        Assert.Equal(2, client.EndSend(client.BeginSend([1, 2], 2, to.Address.ToString(), to.Port, null, null)));
        client.Connect(to);
        Assert.Equal(1, client.EndSend(client.BeginSend([3], 1, null, "state")));

        Assert.Equal([1], (await peer.ReceiveAsync().Soon()).Buffer);
        Assert.Equal([1, 2], (await peer.ReceiveAsync().Soon()).Buffer);
        Assert.Equal([3], (await peer.ReceiveAsync().Soon()).Buffer);
    }

    [Fact]
    public void BeginSend_NotConnected_EndTells()
    {
        using IUdpClientUnderTest client = binding.BoundClient();

        IAsyncResult plain = client.BeginSend([1], 1, null, null);
        IAsyncResult noHost = client.BeginSend([1], 1, null, 0, null, null);

        Refusal.Is(SocketError.DestinationAddressRequired, () => client.EndSend(plain));
        Refusal.Is(SocketError.DestinationAddressRequired, () => client.EndSend(noHost));
    }

    [Fact]
    public void Begin_UnusableArguments_AreRefused()
    {
        using IUdpClientUnderTest client = binding.BoundClient();
        using IUdpClientUnderTest unbound = binding.Here.CreateClient();

        Assert.Throws<ArgumentNullException>("datagram", () => client.BeginSend(null!, 0, null, null));
        Assert.Throws<ArgumentOutOfRangeException>("bytes", () => client.BeginSend([1], 2, null, null));
        Assert.Throws<ArgumentOutOfRangeException>("bytes", () => client.BeginSend([1], -1, (IPEndPoint?)null, null, null));
        Assert.Throws<InvalidOperationException>(() => unbound.BeginReceive(null, null));
        client.Connect(binding.There.Address, 9);
        Assert.Throws<InvalidOperationException>(() => client.BeginSend([1], 1, new IPEndPoint(binding.There.Address, 9), null, null));
        Assert.Throws<InvalidOperationException>(() => client.BeginSend(null!, 0, "h", 9, null, null));
    }

    [Fact]
    public void End_OtherResult_IsRefused()
    {
        using IUdpClientUnderTest client = binding.BoundClient();
        IPEndPoint? from = null;
        foreach (IAsyncResult? other in (IAsyncResult?[])[null, Task.CompletedTask])
        {
            Assert.Equal("asyncResult", Assert.ThrowsAny<ArgumentException>(() => client.EndSend(other!)).ParamName);
            Assert.Equal("asyncResult", Assert.ThrowsAny<ArgumentException>(() => client.EndReceive(other!, ref from)).ParamName);
        }
    }

    [Fact]
    public async Task Close_ReceivePending_CallsBackAndEndIsDisposed()
    {
        for (int round = 0; round < Rounds; round++)
        {
            IUdpClientUnderTest client = binding.BoundClient();
            var calledBack = new TaskCompletionSource<IAsyncResult>(TaskCreationOptions.RunContinuationsAsynchronously);
            client.BeginReceive(calledBack.SetResult, null);

            client.Close();

            IAsyncResult result = await calledBack.Task.Soon();
            IPEndPoint? from = null;
            Assert.True(result.IsCompleted);
            Assert.Throws<ObjectDisposedException>(() => client.EndReceive(result, ref from));
        }
    }

    [Fact]
    public void Closed_EveryMethod_IsDisposedBeforeAnythingElse()
    {
        IUdpClientUnderTest client = binding.BoundClient();
        client.Close();
        IPEndPoint? from = null;
        Action[] calls =
        [
            () => client.BeginReceive(null, null),
            () => client.BeginSend(null!, 0, null, null),
            () => client.BeginSend(null!, 0, (IPEndPoint?)null, null, null),
            () => client.BeginSend(null!, 0, null, 0, null, null),
            () => client.EndSend(null!),
            () => client.EndReceive(null!, ref from),
        ];

        Assert.All(calls, call => Assert.Throws<ObjectDisposedException>(call));
    }
}

public sealed class KernelUdpClientApmTests(KernelBinding binding) : UdpClientApmContract(binding), IClassFixture<KernelBinding>;

public sealed class LoopbackUdpClientApmTests(LoopbackBinding binding) : UdpClientApmContract(binding), IClassFixture<LoopbackBinding>;

public sealed class PairUdpClientApmTests(PairBinding binding) : UdpClientApmContract(binding), IClassFixture<PairBinding>;
