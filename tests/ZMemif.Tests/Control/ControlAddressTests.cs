using System.Net.Sockets;
using System.Runtime.Versioning;
using ZMemif.Control;
using ZMemif.Native;
using ZMemif.Tests.Peers;

namespace ZMemif.Tests.Control;

/// <summary>Every way in which an address does not work, each with its own sentence and its cure.</summary>
[SupportedOSPlatform("linux")]
public sealed class ControlAddressTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("zmemif-test-").FullName;
    private readonly string _path;

    public ControlAddressTests() => _path = Path.Combine(_directory, "memif.sock");

    [Fact]
    public void Connect_NothingThere_SaysToStartTheServerOrToWriteAnAbstractName() => AssertConnectFails(
        _path,
        MemifErrorCode.SocketNotFound,
        $"There is no socket '{_path}'; start the memif server first, or, if it listens on an abstract name as DPDK does unless told otherwise, write '@{_path}'.");

    [Theory]
    [InlineData("missing/memif.sock")]
    [InlineData("file/memif.sock")]
    public void Connect_NoSuchDirectory_SaysThatThereIsNoSocket(string name)
    {
        File.WriteAllText(Path.Combine(_directory, "file"), "");

        AssertConnectFails(Path.Combine(_directory, name), MemifErrorCode.SocketNotFound, "start the memif server first");
    }

    [Fact]
    public void Connect_File_SaysThatItIsNoSocket()
    {
        File.WriteAllText(_path, "");

        AssertConnectFails(_path, MemifErrorCode.NotASocket, $"'{_path}' exists and is not a socket; remove it or choose another path.");
    }

    [Fact]
    public void Connect_Directory_SaysThatItIsNoSocket() =>
        AssertConnectFails(_directory, MemifErrorCode.NotASocket, $"'{_directory}' exists and is not a socket");

    [Fact]
    public void Connect_FileOfADeadServer_SaysThatNobodyListens()
    {
        LeaveStaleFile();

        AssertConnectFails(
            _path,
            MemifErrorCode.NobodyListens,
            $"'{_path}' is the socket of a server that no longer listens; start the memif server, which will replace it.");
    }

    [Fact]
    public void Connect_AbstractNameOfNobody_SaysToLeaveOutTheSign() => AssertConnectFails(
        $"@{_path}",
        MemifErrorCode.NobodyListens,
        $"Nobody listens on the abstract name '@{_path}'; start the memif server first, or, if it listens on a path, leave out the '@'.");

    [Fact]
    public void Connect_PathWhereTheServerIsAbstract_FailsWithACureThatWorks()
    {
        using var server = new RawServer($"@{_path}");

        AssertConnectFails(_path, MemifErrorCode.SocketNotFound, $"write '@{_path}'");
        ControlAddress.Connect(UnixAddress.Parse($"@{_path}")).Dispose();
    }

    [Fact]
    public void Connect_AbstractNameWhereTheServerHasAPath_FailsWithACureThatWorks()
    {
        using var server = new RawServer(_path);

        AssertConnectFails($"@{_path}", MemifErrorCode.NobodyListens, "leave out the '@'");
        ControlAddress.Connect(UnixAddress.Parse(_path)).Dispose();
    }

    [Fact]
    public void Connect_StreamSocket_SaysThatItIsNotMemif()
    {
        using Socket other = ListenOnStream();

        AssertConnectFails(
            _path, MemifErrorCode.NotMemif, $"Something listens on '{_path}' that is not memif (another socket type); check the path.");
    }

    [Fact]
    public void Connect_ServerThatDoesNotAccept_SaysSo()
    {
        using var server = new RawServer(_path);
        var waiting = new List<SeqPacketSocket>();

        MemifException e = Assert.Throws<MemifException>(() =>
        {
            while (waiting.Count < 100)
                waiting.Add(ControlAddress.Connect(UnixAddress.Parse(_path)));
        });

        Assert.Equal(
            (MemifErrorCode.NobodyListens, $"The server on '{_path}' does not accept connections at the moment."), (e.Code, e.Message));
        waiting.ForEach(socket => socket.Dispose());
    }

    [Fact]
    public void Connect_WithoutPermission_SaysWhichIsNeeded()
    {
        using var server = new RawServer(_path);
        File.SetUnixFileMode(_path, UnixFileMode.None);
        OpenDirectory();

        OtherUser.Run(() => AssertConnectFails(
            _path,
            MemifErrorCode.AccessDenied,
            $"This user may not connect to '{_path}'; it needs write permission on the socket file and search permission on its directories."));
    }

    [Fact]
    public void Listen_NoSuchDirectory_SaysToCreateIt()
    {
        string path = Path.Combine(_directory, "missing", "memif.sock");

        AssertListenFails(
            path, MemifErrorCode.SocketNotFound, $"The directory of '{path}' does not exist; create it, or use an abstract name (@name).");
    }

    [Fact]
    public void Listen_WithoutPermission_SaysToChooseAnotherDirectory()
    {
        File.SetUnixFileMode(_directory, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);

        OtherUser.Run(() => AssertListenFails(
            _path,
            MemifErrorCode.AccessDenied,
            $"This user may not create '{_path}'; choose a directory that it may write to, or use an abstract name (@name)."));
    }

    [Fact]
    public void Listen_LiveServer_SaysThatTheAddressIsInUse()
    {
        using var server = new RawServer(_path);

        AssertListenFails(
            _path, MemifErrorCode.AddressInUse, $"Another memif server already listens on '{_path}'; stop it or choose another address.");
        ControlAddress.Connect(UnixAddress.Parse(_path)).Dispose();
    }

    [Fact]
    public void Listen_LiveServerOnAnAbstractName_SaysThatTheAddressIsInUse()
    {
        using var server = new RawServer($"@{_path}");

        AssertListenFails($"@{_path}", MemifErrorCode.AddressInUse, $"Another memif server already listens on '@{_path}'");
    }

    [Fact]
    public void Listen_StreamSocket_SaysThatAnotherKindOfServerIsThere()
    {
        using Socket other = ListenOnStream();

        AssertListenFails(
            _path, MemifErrorCode.AddressInUse, $"'{_path}' is in use by another kind of server, one that is not memif; choose another path.");
    }

    [Fact]
    public void Listen_File_LeavesItAlone()
    {
        File.WriteAllText(_path, "precious");

        AssertListenFails(_path, MemifErrorCode.NotASocket, $"'{_path}' exists and is not a socket; remove it or choose another path.");
        Assert.Equal("precious", File.ReadAllText(_path));
    }

    [Fact]
    public void Listen_FileOfADeadServer_ReplacesIt()
    {
        LeaveStaleFile();

        Listener listener = Listen(_path);

        ControlAddress.Connect(UnixAddress.Parse(_path)).Dispose();
        listener.Close();
        Assert.Empty(Directory.EnumerateFileSystemEntries(_directory));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Listen_ManyAtOnce_OneListens(bool isStaleFileThere)
    {
        const int Many = 8;
        for (int round = 0; round < 50; round++)
        {
            if (isStaleFileThere)
                LeaveStaleFile();
            var listening = new List<Listener>();
            var refused = new List<MemifErrorCode>();
            using var start = new Barrier(Many);
            Thread[] threads = [.. Enumerable.Range(0, Many).Select(_ => new Thread(() =>
            {
                start.SignalAndWait();
                try
                {
                    Listener listener = Listen(_path);
                    lock (listening)
                        listening.Add(listener);
                }
                catch (MemifException e)
                {
                    lock (refused)
                        refused.Add(e.Code);
                }
            }))];
            Array.ForEach(threads, thread => thread.Start());
            Array.ForEach(threads, thread => thread.Join());

            listening.ForEach(listener => listener.Close());
            Assert.Equal((1, Many - 1), (listening.Count, refused.Count(code => code == MemifErrorCode.AddressInUse)));
        }
    }

    [Fact]
    public void Listen_SomebodyKeepsTheLockOfTheDirectory_WorksAllTheSame()
    {
        using FileDescriptor directory = FileDescriptor.Own(Libc.OpenDirectory(_directory), "open");
        Errno.Check(Libc.TryLock(directory), "flock");

        Listener listener = Listen(_path);

        ControlAddress.Connect(UnixAddress.Parse(_path)).Dispose();
        listener.Close();
    }

    [Fact]
    public void Listen_LongestPath_Works()
    {
        string path = Path.Combine(_directory, new string('s', UnixAddress.MaxNameBytes - _directory.Length - 1));

        Listener listener = Listen(path);

        ControlAddress.Connect(UnixAddress.Parse(path)).Dispose();
        listener.Close();
        Assert.Empty(Directory.EnumerateFileSystemEntries(_directory));
    }

    [Fact]
    public void Listen_Fails_LeavesNothingBehind()
    {
        File.SetUnixFileMode(_directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Directory.CreateDirectory(_path);

        AssertListenFails(_path, MemifErrorCode.NotASocket, "is not a socket");

        Assert.Equal([_path], Directory.EnumerateFileSystemEntries(_directory));
    }

    [Fact]
    public void Close_FileThatIsNoLongerOurs_LeavesItAlone()
    {
        Listener listener = Listen(_path);
        File.Delete(_path);
        using var successor = new RawServer(_path);

        listener.Close();

        ControlAddress.Connect(UnixAddress.Parse(_path)).Dispose();
    }

    [Fact]
    public void Close_FileIsGone_Works()
    {
        Listener listener = Listen(_path);
        File.Delete(_path);

        listener.Close();

        Assert.False(File.Exists(_path));
    }

    public void Dispose()
    {
        File.SetUnixFileMode(_directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Directory.Delete(_directory, recursive: true);
    }

    private static Listener Listen(string path) => ControlAddress.Listen(UnixAddress.Parse(path), new FilePermissions(UnixFileMode.UserWrite, null, null), socket => socket.Dispose());

    private static void AssertConnectFails(string address, MemifErrorCode code, string words) =>
        AssertFails(() => ControlAddress.Connect(UnixAddress.Parse(address)), code, words);

    private static void AssertListenFails(string address, MemifErrorCode code, string words) =>
        AssertFails(() => Listen(address), code, words);

    private static void AssertFails(Func<object> attempt, MemifErrorCode code, string words)
    {
        MemifException e = Assert.Throws<MemifException>(attempt);

        Assert.Equal(code, e.Code);
        Assert.Contains(words, e.Message, StringComparison.Ordinal);
    }

    private void LeaveStaleFile() => new RawServer(_path).Dispose();

    private void OpenDirectory() => File.SetUnixFileMode(
        _directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);

    private Socket ListenOnStream()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(_path));
        socket.Listen();
        return socket;
    }
}
