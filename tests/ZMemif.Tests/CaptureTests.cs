using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Extensions.Time.Testing;
using ZMemif.Tests.Peers;

namespace ZMemif.Tests;

/// <summary>Captures of a port's packets to a pcap file.</summary>
[SupportedOSPlatform("linux")]
public sealed class CaptureTests : IDisposable
{
    private const uint NanosecondMagic = 0xA1B23C4D;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"zmemif-test-{Guid.NewGuid():n}.pcap");

    [Theory]
    [InlineData(MemifMode.Ethernet, 1U)]
    [InlineData(MemifMode.Ip, 101U)]
    public async Task StartCapture_BothDirections_WritesEveryPacketAsItWas(MemifMode mode, uint linkType)
    {
        await using PortPair pair = await PortPair.ConnectAsync(options => (options.Mode, options.BufferSize) = (mode, 64));
        DateTimeOffset began = DateTimeOffset.UtcNow.AddMilliseconds(-1);
        pair.Server.StartCapture(_path);

        byte[] chain = [.. Enumerable.Range(0, 200).Select(i => (byte)i)];
        Assert.True(pair.Client.TxQueues[0].TrySend("in"u8));
        Assert.True(pair.Client.TxQueues[0].TrySend(chain));
        Assert.True(pair.Client.TxQueues[0].TrySend("leased"u8));
        Assert.True(pair.Server.RxQueues[0].TryReceive(new byte[1], out _));
        Assert.Equal(1, pair.Server.RxQueues[0].Acquire(1));
        Assert.True(pair.Server.RxQueues[0].TryRead(out _));
        pair.Server.RxQueues[0].Release();
        Assert.True(pair.Server.RxQueues[0].TryLease(out MemifLease lease));
        lease.Dispose();
        Assert.Equal(3, pair.Server.TxQueues[0].Send(["out"u8.ToArray(), chain, "again"u8.ToArray()]));
        Assert.True(pair.Server.TxQueues[0].TryReserve(8, out Span<byte> reserved));
        "reserved"u8.CopyTo(reserved);
        pair.Server.TxQueues[0].Commit();
        pair.Server.StopCapture();

        var pcap = PcapText.Read(_path);
        Assert.Equal((NanosecondMagic, (2, 4), linkType), (pcap.Magic, pcap.Version, pcap.LinkType));
        Assert.InRange(pcap.SnapLength, 65553U, 262144U);
        Assert.Equal(
            ["in"u8.ToArray(), chain, "leased"u8.ToArray(), "out"u8.ToArray(), chain, "again"u8.ToArray(), "reserved"u8.ToArray()],
            pcap.Packets.Select(packet => packet.Bytes));
        Assert.All(pcap.Packets, packet => Assert.InRange(packet.Time, began, DateTimeOffset.UtcNow.AddMilliseconds(1)));
    }

    [Fact]
    public async Task Capture_WhatWasNotSentOrNotRead_IsNotInIt()
    {
        await using PortPair pair = await PortPair.ConnectAsync(options => options.RingSize = 2);
        pair.Client.StartCapture(_path);

        Assert.True(pair.Client.TxQueues[0].TryReserve(3, out _));
        pair.Client.TxQueues[0].Discard();
        Assert.Equal(2, pair.Client.TxQueues[0].Send([new byte[] { 1 }, new byte[] { 2 }, new byte[] { 3 }]));
        Assert.True(pair.Server.TxQueues[0].TrySend([9]));
        Assert.Equal(1, pair.Client.RxQueues[0].Acquire(1));
        pair.Client.RxQueues[0].Release();
        pair.Client.StopCapture();

        Assert.Equal([[1], [2]], PcapText.Read(_path).Packets.Select(packet => packet.Bytes));
    }

    [Fact]
    public async Task StopCapture_ThenTraffic_IsNotWritten()
    {
        await using PortPair pair = await PortPair.ConnectAsync();
        pair.Client.StopCapture();
        pair.Client.StartCapture(_path);
        pair.Client.StopCapture();
        pair.Client.StopCapture();

        Assert.True(pair.Client.TxQueues[0].TrySend([1]));

        Assert.Empty(PcapText.Read(_path).Packets);
    }

    [Fact]
    public async Task StartCapture_Again_CompletesTheFirstFile()
    {
        string second = _path + ".second";
        await using PortPair pair = await PortPair.ConnectAsync();
        pair.Client.StartCapture(_path);
        Assert.True(pair.Client.TxQueues[0].TrySend([1]));

        pair.Client.StartCapture(second);
        Assert.True(pair.Client.TxQueues[0].TrySend([2]));
        await pair.Client.DisposeAsync();

        Assert.Equal([1], Assert.Single(PcapText.Read(_path).Packets).Bytes);
        Assert.Equal([2], Assert.Single(PcapText.Read(second).Packets).Bytes);
        File.Delete(second);
    }

    [Fact]
    public async Task Capture_LinkComesAgain_GoesOn()
    {
        await using PortPair pair = await PortPair.ConnectAsync();
        pair.Client.StartCapture(_path);
        Assert.True(pair.Client.TxQueues[0].TrySend([1]));
        pair.Server.Disconnect();
        await pair.ClientEvents.ExpectDownAsync();
        await pair.ClientEvents.ExpectUpAsync();

        Assert.True(pair.Client.TxQueues[0].TrySend([2]));
        pair.Client.StopCapture();

        Assert.Equal([[1], [2]], PcapText.Read(_path).Packets.Select(packet => packet.Bytes));
    }

    [Fact]
    public async Task StartCapture_PathThatCannotBe_SaysSoAndTheTrafficGoesOn()
    {
        await using PortPair pair = await PortPair.ConnectAsync();

        Assert.Throws<DirectoryNotFoundException>(() => pair.Client.StartCapture(Path.Combine(_path, "no", "directory")));
        Assert.ThrowsAny<Exception>(() => pair.Client.StartCapture(Path.GetTempPath()));

        Assert.True(pair.Client.TxQueues[0].TrySend([1]));
    }

    [Fact]
    public async Task StartCapture_FileOfSomebodyElse_IsRefused()
    {
        await using PortPair pair = await PortPair.ConnectAsync();
        File.WriteAllText(_path, "");
        File.SetUnixFileMode(_path, UnixFileMode.None);

        OtherUser.Run(() => Assert.Throws<UnauthorizedAccessException>(() => pair.Client.StartCapture(_path)));
    }

    [Theory]
    [InlineData(MemifRole.Client)]
    [InlineData(MemifRole.Server)]
    public async Task SocketIsDisposed_CaptureOfItsPortIsComplete(MemifRole role)
    {
        await using PortPair pair = await PortPair.ConnectAsync();
        MemifPort port = role == MemifRole.Client ? pair.Client : pair.Server;
        port.StartCapture(_path);
        Assert.True(port.TxQueues[0].TrySend([1]));

        await pair.DisposeAsync(role);

        Assert.Equal([1], Assert.Single(PcapText.Read(_path).Packets).Bytes);
        Assert.Throws<ObjectDisposedException>(() => port.StartCapture(_path));
    }

    [Fact]
    public async Task PortIsDisposedTwiceAndItsSocketToo_EachWaitsForTheCapture()
    {
        await using PortPair pair = await PortPair.ConnectAsync();
        Assert.Equal(0, mkfifo(_path, 0x1B0));
        using FileStream reader = OpenSmallestPipe();
        pair.Client.StartCapture(_path);
        for (int i = 0; i < 10; i++)
            Assert.True(pair.Client.TxQueues[0].TrySend(new byte[2000]));

        // The capture cannot be completed before the pipe is read.
        Task[] disposals = [pair.Client.DisposeAsync().AsTask(), pair.Client.DisposeAsync().AsTask(), pair.DisposeAsync(MemifRole.Client).AsTask()];
        Assert.All(disposals, disposal => Assert.False(disposal.IsCompleted));
        await pair.Server.Socket.StopAsync();
        Assert.All(disposals, disposal => Assert.False(disposal.IsCompleted));

        reader.ReadExactly(new byte[24 + (10 * 2016)]);
        await Task.WhenAll(disposals).WaitAsync(s_patience);
        await pair.Client.DisposeAsync();
    }

    [Fact]
    public async Task SocketIsStopped_CaptureGoesOn()
    {
        await using PortPair pair = await PortPair.ConnectAsync();
        pair.Client.StartCapture(_path);
        Assert.True(pair.Client.TxQueues[0].TrySend([1]));

        await pair.Client.Socket.StopAsync();
        pair.Client.Socket.Start();
        await pair.Client.WaitConnectedAsync().WaitAsync(s_patience);
        Assert.True(pair.Client.TxQueues[0].TrySend([2]));
        pair.Client.StopCapture();

        Assert.Equal([[1], [2]], PcapText.Read(_path).Packets.Select(packet => packet.Bytes));
    }

    [Fact]
    public async Task StartCapture_NothingWrittenYet_TheFileHasItsHeader()
    {
        await using PortPair pair = await PortPair.ConnectAsync();

        pair.Client.StartCapture(_path);

        Assert.Empty(PcapText.Read(_path).Packets);
    }

    [Fact]
    public async Task StartCapture_DiskFull_SaysSoAtOnceAndTheTrafficGoesOn()
    {
        await using PortPair pair = await PortPair.ConnectAsync();

        IOException e = Assert.Throws<IOException>(() => pair.Client.StartCapture("/dev/full"));

        Assert.Contains("No space left", e.Message, StringComparison.Ordinal);
        pair.Client.StopCapture();
        Assert.True(pair.Client.TxQueues[0].TrySend([1]));
    }

    [Fact]
    public async Task Capture_DiskFails_TheTrafficGoesOnAndTheSocketSaysWhy()
    {
        await using PortPair pair = await PortPair.ConnectAsync(options => options.RingSize = 4);
        Task<MemifErrorEventArgs> error = NextError(pair.Client);
        CaptureToAFileThatBreaks(pair.Client);
        byte[] packet = new byte[2000];

        for (int i = 0; i < 100; i++)
        {
            Assert.True(pair.Client.TxQueues[0].TrySend(packet));
            Assert.True(pair.Server.RxQueues[0].TryReceive(packet, out _));
        }

        MemifErrorEventArgs arguments = await error.WaitAsync(s_patience);
        Assert.Equal((pair.Client, MemifErrorCode.SystemError, true), (arguments.Port, arguments.Error.Code, arguments.IsWarning));
        Assert.Equal($"The capture to {_path} ended early: Broken pipe : '{_path}'", arguments.Error.Message);
        Assert.Throws<IOException>(pair.Client.StopCapture);
        pair.Client.StopCapture();
        Assert.True(pair.Client.TxQueues[0].TrySend(packet));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Capture_DiskFailsAtTheEnd_TheSocketSaysWhyAndTheDisposalDoesNot(bool isPortDisposed)
    {
        await using PortPair pair = await PortPair.ConnectAsync();
        Task<MemifErrorEventArgs> error = NextError(pair.Client);
        CaptureToAFileThatBreaks(pair.Client);
        Assert.True(pair.Client.TxQueues[0].TrySend([1]));

        if (isPortDisposed)
            await pair.Client.DisposeAsync();
        else
            await pair.DisposeAsync(MemifRole.Client);

        Assert.Contains("Broken pipe", (await error.WaitAsync(s_patience)).Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartCapture_TheEarlierOneCannotBeCompleted_TheNewOneRuns()
    {
        string second = _path + ".second";
        await using PortPair pair = await PortPair.ConnectAsync();
        Task<MemifErrorEventArgs> error = NextError(pair.Client);
        CaptureToAFileThatBreaks(pair.Client);
        Assert.True(pair.Client.TxQueues[0].TrySend([1]));

        pair.Client.StartCapture(second);

        Assert.True(pair.Client.TxQueues[0].TrySend([2]));
        pair.Client.StopCapture();
        Assert.Equal([2], Assert.Single(PcapText.Read(second).Packets).Bytes);
        Assert.Contains("Broken pipe", (await error.WaitAsync(s_patience)).Error.Message, StringComparison.Ordinal);
        File.Delete(second);
    }

    [Fact]
    public void Write_AnyTime_HasNanosecondsOfTheClock()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 7, 1, 12, 0, 0, TimeSpan.Zero).AddTicks(1_234_567));
        using (var writer = new PcapWriter(_path, MemifMode.Ethernet, time, Assert.Null))
            writer.Write([1, 2, 3]);

        Assert.Equal(time.GetUtcNow(), Assert.Single(PcapText.Read(_path).Packets).Time);
    }

    [Fact]
    public async Task Write_FromManyThreads_KeepsRecordsWhole()
    {
        using (var writer = new PcapWriter(_path, MemifMode.Ethernet, TimeProvider.System, Assert.Null))
        {
            await Task.WhenAll(Enumerable.Range(1, 4).Select(thread => Task.Run(() =>
            {
                for (int i = 0; i < 2000; i++)
                    writer.Write(Enumerable.Repeat((byte)thread, thread * 10).ToArray());
            })));
        }

        var pcap = PcapText.Read(_path);
        Assert.Equal(8000, pcap.Packets.Count);
        Assert.All(pcap.Packets, packet => Assert.Equal(Enumerable.Repeat((byte)(packet.Bytes.Length / 10), packet.Bytes.Length), packet.Bytes));
    }

    public void Dispose() => File.Delete(_path);

    private static Task<MemifErrorEventArgs> NextError(MemifPort port)
    {
        var next = new TaskCompletionSource<MemifErrorEventArgs>(TaskCreationOptions.RunContinuationsAsynchronously);
        port.Socket.Error += (_, arguments) => next.TrySetResult(arguments);
        return next.Task;
    }

    // A pipe whose reader takes the header and leaves: from then on whatever reaches the kernel fails.
    private void CaptureToAFileThatBreaks(MemifPort port)
    {
        Assert.Equal(0, mkfifo(_path, 0x1B0));
        Task reading = Task.Run(() =>
        {
            using FileStream reader = new(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            reader.ReadExactly(new byte[24]);
        });
        port.StartCapture(_path);
        Assert.True(reading.Wait(s_patience));
    }

    private FileStream OpenSmallestPipe()
    {
        const int SetPipeSize = 1031;
        var reader = new FileStream(_path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        Assert.Equal(4096, fcntl(reader.SafeFileHandle, SetPipeSize, 4096));
        return reader;
    }

    [DllImport("libc")]
    private static extern int fcntl(SafeHandle fd, int command, int argument);

    [DllImport("libc", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int mkfifo(string path, uint mode);
}
