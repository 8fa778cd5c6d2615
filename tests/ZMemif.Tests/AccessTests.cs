using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using ZMemif.Control;
using ZMemif.Native;
using ZMemif.Tests.Peers;

namespace ZMemif.Tests;

/// <summary>Who gets at a control socket: its file's mode and owner, allowed users, half-open connections, listeners from outside.</summary>
[Collection(nameof(Alone))]
[SupportedOSPlatform("linux")]
public sealed class AccessTests
{
    private const UnixFileMode Default =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(Default)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite)]
    [InlineData(UnixFileMode.UserWrite | UnixFileMode.OtherWrite)]
    public async Task FileMode_Asked_IsTheFilesWhateverTheMask(UnixFileMode mode)
    {
        await WithMaskAsync(0, () => AssertModeAsync(new MemifSocketOptions { FileMode = mode }, mode));
        await WithMaskAsync(0x1FF, () => AssertModeAsync(new MemifSocketOptions { FileMode = mode }, mode));
    }

    [Fact]
    public Task FileMode_Default_IsNotForTheWorld() =>
        WithMaskAsync(0, () => AssertModeAsync(new MemifSocketOptions(), Default));

    [Fact]
    public async Task FileOwner_Asked_IsTheFiles()
    {
        // Only root can give a file away; anybody may give it to himself.
        (uint user, uint group) = Environment.IsPrivilegedProcess ? (65534U, 65533U) : (geteuid(), getegid());
        string path = TestAddress.Path();
        await using var socket = new MemifSocket(path, new MemifSocketOptions { FileUserId = user, FileGroupId = group });
        socket.AddPort(new MemifPortOptions { Role = MemifRole.Server });

        socket.Start();

        Assert.Equal((user, group), OwnerOf(path));
    }

    [Fact]
    public async Task FileOwner_GroupOnly_LeavesTheUser()
    {
        uint group = Environment.IsPrivilegedProcess ? 65533U : getegid();
        string path = TestAddress.Path();
        await using var socket = new MemifSocket(path, new MemifSocketOptions { FileGroupId = group });
        socket.AddPort(new MemifPortOptions { Role = MemifRole.Server });

        socket.Start();

        Assert.Equal((geteuid(), group), OwnerOf(path));
    }

    [Fact]
    public void FileOwner_ThatThisUserMayNotGiveItTo_FailsAndLeavesNothing()
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("zmemif-test-");
        File.SetUnixFileMode(directory.FullName, (UnixFileMode)0x1FF);
        OtherUser.Run(() =>
        {
            using var socket = new MemifSocket(Path.Combine(directory.FullName, "memif.sock"), new MemifSocketOptions { FileUserId = 0 });
            socket.AddPort(new MemifPortOptions { Role = MemifRole.Server });

            MemifException e = Assert.Throws<MemifException>(socket.Start);

            Assert.Contains("Operation not permitted", e.Message, StringComparison.Ordinal);
        });
        Assert.Empty(directory.GetFileSystemInfos());
        directory.Delete();
    }

    [Fact]
    public async Task AllowedUserIds_OwnUser_GetsIn()
    {
        string address = TestAddress.Abstract();
        var allowed = new List<uint> { geteuid() };
        await using var server = new MemifSocket(address, new MemifSocketOptions { AllowedUserIds = allowed });
        await using var client = new MemifSocket(address);
        server.AddPort(new MemifPortOptions { Role = MemifRole.Server });
        MemifPort port = client.AddPort(new MemifPortOptions());

        // A later change of the collection changes nothing.
        allowed.Clear();
        server.Start();
        client.Start();

        await port.WaitConnectedAsync().WaitAsync(Patience);
    }

    [Fact]
    public async Task AllowedUserIds_Nobody_RefusesAndServesTheNextStart()
    {
        string address = TestAddress.Abstract();
        await using var server = new MemifSocket(address, new MemifSocketOptions { AllowedUserIds = [] });
        await using var client = new MemifSocket(address);
        server.AddPort(new MemifPortOptions { Role = MemifRole.Server });
        MemifPort port = client.AddPort(new MemifPortOptions());
        var events = new PortLog(port);
        server.Start();
        client.Start();

        MemifException error = await events.ExpectDownAsync();

        Assert.Equal(MemifErrorCode.RefusedByPeer, error.Code);
        Assert.Contains($"A process of the user {geteuid()} is not allowed to be the peer.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MaxPendingConnections_Reached_TheOldestThatIsNotUpMakesRoom()
    {
        string address = TestAddress.Abstract();
        await using var socket = new MemifSocket(address, new MemifSocketOptions { MaxPendingConnections = 2 });
        MemifPort port = socket.AddPort(new MemifPortOptions { Id = 1, Role = MemifRole.Server });
        var errors = new System.Collections.Concurrent.ConcurrentQueue<MemifException>();
        socket.Error += (_, arguments) => errors.Enqueue(arguments.Error);
        socket.Start();
        using RawClient up = RawClient.ConnectTo(address, ClientStage.Up, id: 1);
        using RawClient second = RawClient.Connect(address);
        using RawClient third = RawClient.Connect(address);

        using RawClient fourth = RawClient.Connect(address);

        const string Words = "More than 2 peers are in the middle of a handshake, and this is the oldest of them.";
        Assert.Equal(Words, second.Peer.ReadToEnd());
        Assert.True(SpinWait.SpinUntil(() => !errors.IsEmpty, Patience));
        Assert.Equal(Words, Assert.Single(errors).Message);
        Assert.Equal(MemifPortState.Connected, port.State);
    }

    [Fact]
    public async Task Listener_FromOutside_IsUsedAndItsFileStays()
    {
        ProcessCounts before = ProcessCounts.Take();
        string path = TestAddress.Path();
        FileDescriptor listener = Listen(path);
        await using (var server = new MemifSocket(path, new MemifSocketOptions { Listener = listener }))
        await using (var client = new MemifSocket(path))
        {
            MemifPort serverPort = server.AddPort(new MemifPortOptions { Role = MemifRole.Server });
            MemifPort clientPort = client.AddPort(new MemifPortOptions());
            client.Start();
            for (int life = 1; life <= 2; life++)
            {
                server.Start();
                await Task.WhenAll(serverPort.WaitConnectedAsync(), clientPort.WaitConnectedAsync()).WaitAsync(Patience);
                Assert.Equal(life, serverPort.ConnectionCount);
                await server.StopAsync();
                Assert.True(File.Exists(path));
                Assert.False(listener.IsClosed);
            }
        }

        Assert.True(listener.IsClosed);
        Assert.True(File.Exists(path));
        File.Delete(path);
        before.AssertAgain();
    }

    [Fact]
    public async Task Listener_ThatPassesCredentials_CarriesALink()
    {
        string path = TestAddress.Path();
        using FileDescriptor listener = Listen(path);
        Libc.PassCredentials(listener);
        await using (var server = new MemifSocket(path, new MemifSocketOptions { Listener = listener }))
        await using (var client = new MemifSocket(path))
        {
            MemifPort serverPort = server.AddPort(new MemifPortOptions { Role = MemifRole.Server });
            MemifPort clientPort = client.AddPort(new MemifPortOptions());
            server.Start();
            client.Start();
            await Task.WhenAll(serverPort.WaitConnectedAsync(), clientPort.WaitConnectedAsync()).WaitAsync(Patience);

            Assert.True(clientPort.TxQueues[0].TrySend([1]));
            Assert.True(serverPort.RxQueues[0].TryReceive(new byte[1], out _));
            using RawClient peer = RawClient.Connect(path);
            using FileDescriptor any = Descriptors.Event();
            peer.Peer.Send(RawClient.Init(0).ToBytes(), [.. Enumerable.Repeat(any, 253)]);
            Assert.Contains("sent 253 file descriptors with Init", peer.Peer.ReadToEnd(), StringComparison.Ordinal);
        }

        File.Delete(path);
    }

    [Fact]
    public async Task Server_ThatPassesCredentials_IsSpokenTo()
    {
        string address = TestAddress.Abstract();
        using var server = new RawServer(address);
        server.PassCredentials();
        await using var socket = new MemifSocket(address);
        var events = new PortLog(socket.AddPort(new MemifPortOptions()));
        socket.Start();
        using RawPeer peer = server.Accept();

        using RawServerMemory memory = RawServer.Complete(peer);

        await events.ExpectUpAsync();
    }

    [Fact]
    public void Listener_ThatIsClosed_IsRefused()
    {
        FileDescriptor listener = Descriptors.Socket();
        listener.Dispose();

        ArgumentException e = Assert.Throws<ArgumentException>(
            () => new MemifSocket(TestAddress.Abstract(), new MemifSocketOptions { Listener = listener }));

        Assert.Contains("Listener", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MaxPendingConnections_Zero_IsRefused() => Assert.Throws<ArgumentException>(
        () => new MemifSocket(TestAddress.Abstract(), new MemifSocketOptions { MaxPendingConnections = 0 }));

    private static FileDescriptor Listen(string path)
    {
        FileDescriptor listener = Descriptors.Socket();
        Errno.Check(Libc.Bind(listener, UnixAddress.Parse(path)), "bind");
        Errno.Check(Libc.Listen(listener, 8), "listen");
        return listener;
    }

    private static async Task AssertModeAsync(MemifSocketOptions options, UnixFileMode mode)
    {
        string path = TestAddress.Path();
        await using var socket = new MemifSocket(path, options);
        socket.AddPort(new MemifPortOptions { Role = MemifRole.Server });
        socket.Start();
        Assert.Equal(mode, File.GetUnixFileMode(path));
    }

    private static (uint User, uint Group) OwnerOf(string path)
    {
        using var stat = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("stat", ["-c", "%u %g", path])
        {
            RedirectStandardOutput = true,
        })!;
        using StreamReader output = stat.StandardOutput;
        string[] numbers = output.ReadToEnd().Split(' ');
        stat.WaitForExit();
        return (uint.Parse(numbers[0], System.Globalization.CultureInfo.InvariantCulture), uint.Parse(numbers[1], System.Globalization.CultureInfo.InvariantCulture));
    }

    private static async Task WithMaskAsync(uint mask, Func<Task> act)
    {
        uint before = umask(mask);
        try
        {
            await act();
        }
        finally
        {
            _ = umask(before);
        }
    }

    [DllImport("libc")]
    private static extern uint umask(uint mask);

    [DllImport("libc")]
    private static extern uint geteuid();

    [DllImport("libc")]
    private static extern uint getegid();
}
