using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Contract;

/// <summary>What a program may expect of an <see cref="IUdpClient"/>, whoever is behind it.</summary>
public abstract class InterfaceContract : IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private IUdpClient _here = null!;
    private IUdpClient _there = null!;

    /// <summary>Two clients that reach each other; the addresses that they have.</summary>
    protected abstract (IUdpClient Here, IUdpClient There) Open();

    public virtual ValueTask InitializeAsync()
    {
        (_here, _there) = Open();
        return ValueTask.CompletedTask;
    }

    public virtual ValueTask DisposeAsync()
    {
        _here.Dispose();
        _there.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Datagram_ReceivedAsAnArray_IsWhatWasSent()
    {
        Assert.Equal(5, await _here.SendAsync("hello"u8.ToArray(), _there.LocalEndPoint));

        UdpReceiveResult received = await _there.ReceiveAsync(CancellationToken.None).AsTask().WaitAsync(s_patience);

        Assert.Equal("hello"u8.ToArray(), received.Buffer);
        Assert.Equal(_here.LocalEndPoint, received.RemoteEndPoint);
    }

    [Fact]
    public async Task Datagram_ReceivedIntoMemory_SaysFromWhereAndWhereTo()
    {
        byte[] buffer = new byte[3];
        Assert.Equal(5, _here.Send("hello"u8, _there.LocalEndPoint));
        Assert.Equal(2, _here.Send("ok"u8, _there.LocalEndPoint));

        MemifDatagram cut = await ReceiveAsync(buffer);
        Assert.Equal(("hel", 3, true), (System.Text.Encoding.ASCII.GetString(cut.Payload.Span), cut.Length, cut.IsTruncated));
        MemifDatagram whole = await ReceiveAsync(buffer);
        Assert.Equal((2, false), (whole.Length, whole.IsTruncated));
        Assert.Equal(_here.LocalEndPoint, whole.RemoteEndPoint.ToIPEndPoint());
        Assert.Equal(_there.LocalEndPoint, whole.LocalEndPoint.ToIPEndPoint());
    }

    [Fact]
    public async Task Batch_IsReceivedInOrder()
    {
        MemifDatagram[] sent = [.. Enumerable.Range(0, 10).Select(i => new MemifDatagram(new byte[i]) { Length = i, RemoteEndPoint = new MemifEndPoint(_there.LocalEndPoint!) })];
        MemifDatagram[] room = [.. Enumerable.Range(0, 10).Select(_ => new MemifDatagram(new byte[20]))];

        Assert.Equal(10, await _here.SendBatchAsync(sent));
        int received = 0;
        while (received < 10)
            received += await _there.ReceiveBatchAsync(room.AsMemory(received)).AsTask().WaitAsync(s_patience);

        Assert.Equal(Enumerable.Range(0, 10), room.Select(datagram => datagram.Length));
    }

    [Fact]
    public async Task Receive_Cancelled_TakesNothing()
    {
        using var cancellation = new CancellationTokenSource();
        Task<MemifDatagram> receiving = _there.ReceiveAsync(new byte[10], cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => receiving.WaitAsync(s_patience));

        _here.Send("hello"u8, _there.LocalEndPoint);

        Assert.Equal(5, (await ReceiveAsync(new byte[10])).Length);
    }

    [Fact]
    public async Task Receive_ClientClosedMeanwhile_IsAborted()
    {
        Task<MemifDatagram> receiving = _there.ReceiveAsync(new byte[10]).AsTask();

        _there.Dispose();

        SocketException failure = await Assert.ThrowsAsync<SocketException>(() => receiving.WaitAsync(s_patience));
        Assert.Equal(SocketError.OperationAborted, failure.SocketErrorCode);
    }

    [Fact]
    public async Task Connect_SendsToThePeerAndHearsNobodyElse()
    {
        _here.Connect(_there.LocalEndPoint!);
        Assert.Equal(4, await _here.SendAsync("ping"u8.ToArray(), null));
        Assert.Equal(4, (await ReceiveAsync(new byte[10])).Length);

        _there.Send("pong"u8, _here.LocalEndPoint);

        MemifDatagram answer = await _here.ReceiveAsync(new byte[10]).AsTask().WaitAsync(s_patience);
        Assert.Equal(_there.LocalEndPoint, answer.RemoteEndPoint.ToIPEndPoint());
    }

    [Fact]
    public async Task ReceiveBuffer_Overfull_IsCounted()
    {
        const int Sent = 2000;
        _there.ReceiveBufferSize = 1024;
        for (int i = 0; i < Sent; i++)
            _here.Send(new byte[100], _there.LocalEndPoint);
        int received = 0;
        using var patience = new CancellationTokenSource(s_patience);

        while (received + _there.DatagramsDropped < Sent)
        {
            await _there.ReceiveAsync(new byte[100], patience.Token);
            received++;
        }

        Assert.InRange(_there.DatagramsDropped, 1, Sent - 1);
    }

    private Task<MemifDatagram> ReceiveAsync(byte[] buffer) => _there.ReceiveAsync(buffer).AsTask().WaitAsync(s_patience);
}

public sealed class KernelInterfaceTests : InterfaceContract
{
    protected override (IUdpClient Here, IUdpClient There) Open() => (
        new ZMemif.Udp.KernelUdpClient(new IPEndPoint(IPAddress.Loopback, 0)), new ZMemif.Udp.KernelUdpClient(new IPEndPoint(IPAddress.Loopback, 0)));
}

public sealed class PairInterfaceTests : InterfaceContract
{
    private readonly MemifInterface _first;
    private readonly MemifInterface _second;

    public PairInterfaceTests() => (_first, _second) = MemifInterface.CreatePair();

    protected override (IUdpClient Here, IUdpClient There) Open() => (
        new MemifUdpClient(_first, new IPEndPoint(_first.Address, 0)), new MemifUdpClient(_second, new IPEndPoint(_second.Address, 0)));

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        (IUdpClient here, IUdpClient there) = Open();
        here.Send([1], there.LocalEndPoint); // so that they know each other
        await there.ReceiveAsync(CancellationToken.None);
        here.Dispose();
        there.Dispose();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _first.DisposeAsync();
        await _second.DisposeAsync();
    }
}
