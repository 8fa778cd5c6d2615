using ZMemif.Memory;
using ZMemif.Tests.Peers;

namespace ZMemif.Tests;

/// <summary>What a broken ring means for the port: the link ends with <see cref="MemifErrorCode.RingViolation"/>, and only it.</summary>
[Collection(nameof(Alone))]
public sealed class RingViolationTests
{
    [Fact]
    public Task Server_HeadOfItsReceivingRingJumps_EndsTheLink() => AssertServerEndsAsync(
        client => client.S2M.ReleaseHead(0x8000),
        server => server.RxQueues[0].Acquire(1) == 0,
        "On receive queue 0 the peer wrote something impossible: head 32768 is 32768 slots ahead of 0 on a ring of 8.");

    [Fact]
    public Task Server_DescriptorPointsOutside_EndsTheLink() => AssertServerEndsAsync(
        client =>
        {
            client.S2M.WriteDescriptor(0, new Descriptor { Region = 0xffff, Length = 1 });
            client.S2M.ReleaseHead(1);
        },
        server => !server.RxQueues[0].TryReceive(new byte[1], out _),
        "On receive queue 0 the peer wrote something impossible: slot 0 points outside: region 65535, offset 0, length 1.");

    [Fact]
    public Task Server_EndlessChain_EndsTheLink() => AssertServerEndsAsync(
        client =>
        {
            for (uint i = 0; i < 8; i++)
                client.S2M.WriteDescriptor(i, new Descriptor { Flags = Descriptor.Next, Length = 1 });
            client.S2M.ReleaseHead(8);
        },
        server => server.RxQueues[0].Acquire(8) == 0,
        "On receive queue 0 the peer wrote something impossible: a chain of 8 descriptors fills the ring and has no end.");

    [Fact]
    public Task Server_HeadOfItsSendingRingJumps_EndsTheLink() => AssertServerEndsAsync(
        client => client.M2S.ReleaseHead(9),
        server => !server.TxQueues[0].TrySend([1]),
        "On transmit queue 0 the peer wrote something impossible: head 9 is 9 slots ahead of 0 on a ring of 8.");

    [Fact]
    public Task Server_PostedBufferOfNoCapacity_EndsTheLink() => AssertServerEndsAsync(
        client => client.M2S.ReleaseHead(1),
        server => !server.TxQueues[0].TryReserve(1, out _),
        "On transmit queue 0 the peer wrote something impossible: the buffer posted in slot 0 is impossible: region 0, offset 0, length 0.");

    [Fact]
    public Task Server_LooksAtTheNextBuffer_EndsTheLinkToo() => AssertServerEndsAsync(
        client => client.M2S.ReleaseHead(1),
        server => server.TxQueues[0].NextBufferLength == 0,
        "On transmit queue 0 the peer wrote something impossible: the buffer posted in slot 0 is impossible: region 0, offset 0, length 0.");

    [Fact]
    public Task Client_TailOfItsReceivingRingJumps_EndsTheLink() => AssertClientEndsAsync(
        server => server.M2S.ReleaseTail(0x8000),
        client => client.RxQueues[0].Acquire(1) == 0,
        "On receive queue 0 the peer wrote something impossible: tail 32768 is 32768 slots ahead of 0, but 16 buffers were posted.");

    [Fact]
    public Task Client_LengthBeyondItsBuffer_EndsTheLink() => AssertClientEndsAsync(
        server =>
        {
            server.M2S.WriteLengthAndFlags(0, 2049, 0);
            server.M2S.ReleaseTail(1);
        },
        client => !client.RxQueues[0].TryReceive(new byte[1], out _),
        "On receive queue 0 the peer wrote something impossible: slot 0 claims 2049 bytes in a buffer of 2048.");

    [Fact]
    public Task Client_TailOfItsSendingRingPassesHead_EndsTheLink() => AssertClientEndsAsync(
        server => server.S2M.ReleaseTail(1000),
        client =>
        {
            int sent = 0;
            while (client.TxQueues[0].TrySend([1]))
                sent++;
            return sent == 16;
        },
        "On transmit queue 0 the peer wrote something impossible: tail went from 0 to 1000, but head is 16.");

    private static async Task AssertServerEndsAsync(Action<RawClient> offend, Func<MemifPort, bool> use, string words)
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        ProcessCounts before = ProcessCounts.Take();

        using (RawClient client = server.Client(ClientStage.Up))
        {
            await server.Events.ExpectUpAsync();
            offend(client);
            Assert.True(use(server.Target));

            MemifException error = await server.Events.ExpectDownAsync();
            Assert.Equal((MemifErrorCode.RingViolation, words), (error.Code, error.Message));
            Assert.StartsWith(words[..90], client.Peer.ReadToEnd(), StringComparison.Ordinal);
        }

        server.AssertHealthy();
        before.AssertAgain();
        using RawClient next = server.Client(ClientStage.Up);
        await server.Events.ExpectUpAsync();
    }

    private static async Task AssertClientEndsAsync(Action<RawServerMemory> offend, Func<MemifPort, bool> use, string words)
    {
        string address = TestAddress.Abstract();
        using var server = new RawServer(address);
        await using var socket = new MemifSocket(address);
        MemifPort port = socket.AddPort(new MemifPortOptions { RingSize = 16 });
        var events = new PortLog(port);
        socket.Start();
        using RawPeer peer = server.Accept();
        using RawServerMemory memory = RawServer.Complete(peer);
        await events.ExpectUpAsync();

        offend(memory);
        Assert.True(use(port));

        MemifException error = await events.ExpectDownAsync();
        Assert.Equal((MemifErrorCode.RingViolation, words), (error.Code, error.Message));
        Assert.StartsWith(words[..90], peer.ReadToEnd(), StringComparison.Ordinal);
        using RawPeer second = server.Accept();
        RawServer.Complete(second).Dispose();
        await events.ExpectUpAsync();
    }
}
