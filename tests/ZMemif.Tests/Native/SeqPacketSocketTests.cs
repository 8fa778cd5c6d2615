using System.Runtime.InteropServices;
using ZMemif.HostilePeer.Links;
using ZMemif.Native;
using ZMemif.Tests.Peers;

namespace ZMemif.Tests.Native;

/// <summary>What comes with messages, and what is left of them when a socket is closed.</summary>
[Collection(nameof(Alone))]
public sealed class SeqPacketSocketTests
{
    private const int PassCredentials = 16;
    private const int PassProcess = 76;
    private const int AsManyAsTheKernelPasses = 253;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(1)]
    [InlineData(AsManyAsTheKernelPasses)]
    public void Receive_WithCredentialsToo_TakesEveryDescriptor(int descriptors)
    {
        (SeqPacketSocket receiver, RawPeer sender) = Pair();
        using (receiver)
        using (sender)
        using (FileDescriptor any = Descriptors.Event())
        {
            SetOption(receiver, PassCredentials);
            sender.Send("x"u8, [.. Enumerable.Repeat(any, descriptors)]);
            var passed = new List<FileDescriptor>();

            long length = receiver.Receive(new byte[1], passed, out int flags);

            Assert.Equal((1, descriptors, 0), (length, passed.Count, flags & Libc.MSG_CTRUNC));
            passed.ForEach(fd => fd.Dispose());
            Assert.Equal(-Errno.EAGAIN, receiver.Receive(new byte[1], passed, out _));
        }
    }

    [Fact]
    public void Receive_WithTheSendersProcess_DoesNotKeepIt()
    {
        (SeqPacketSocket receiver, RawPeer sender) = Pair();
        using (receiver)
        using (sender)
        {
            SetOption(receiver, PassProcess);
            int before = ProcessesHeld();
            sender.Send("x"u8);

            Assert.Equal(1, receiver.Receive(new byte[1], [], out _));

            Assert.Equal(before, ProcessesHeld());
        }
    }

    [Fact]
    public void Receive_NoRoomForWhatWasPassed_LeavesTheMessageAndClosesNothingOfIt()
    {
        (SeqPacketSocket receiver, RawPeer sender) = Pair();
        using (receiver)
        using (sender)
        using (var lingering = new LingeringSocket())
        using (FileDescriptor any = Descriptors.Event())
        {
            sender.Send("x"u8, [any, lingering.Passed]);
            lingering.Passed.Dispose();
            var passed = new List<FileDescriptor>();

            using (new NoDescriptorsLeft(but: 1))
            {
                // Were the socket closed here, that would take an hour.
                Assert.Equal(1, receiver.Receive(new byte[1], passed, out int flags));
                Assert.Equal((1, Libc.MSG_CTRUNC), (passed.Count, flags & Libc.MSG_CTRUNC));
                passed.ForEach(fd => fd.Dispose());
                passed.Clear();
            }

            Assert.Equal(1, receiver.Receive(new byte[1], passed, out int again));
            Assert.Equal((2, 0), (passed.Count, again & Libc.MSG_CTRUNC));
            passed.ForEach(fd => fd.Dispose());
        }

        ExpectNothingWaits(receiver.User);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Dispose_SlowDescriptorBehindAnEmptyMessage_KeepsNobody(bool isReset)
    {
        (SeqPacketSocket receiver, RawPeer sender) = Pair();
        using var lingering = new LingeringSocket();
        if (isReset)
            Assert.Equal(1, receiver.Send("unread"u8[..1], passed: null));
        sender.Send([]);
        sender.Send([], [lingering.Passed]);
        lingering.Passed.Dispose();

        // With something unread: then the other end gets an error before everything else.
        sender.Dispose();
        receiver.Dispose();

        ExpectNothingWaits(receiver.User);
    }

    [Fact]
    public void Dispose_NothingUnread_NeedsNoThread()
    {
        (SeqPacketSocket receiver, RawPeer sender) = Pair();
        using (sender)
        {
            sender.Send("x"u8);
            Assert.Equal(1, receiver.Receive(new byte[1], [], out _));

            receiver.Dispose();

            Assert.True(receiver.Descriptor.IsClosed);
            Assert.Equal(ClosingRisk.None, receiver.Descriptor.Risk);
        }
    }

    [Fact]
    public async Task Passed_ClosedWhenNoDescriptorIsLeft_MakesRoom()
    {
        await using var socket = new MemifSocket(TestAddress.Abstract());
        (SeqPacketSocket receiver, RawPeer sender) = Pair();
        using (receiver)
        using (sender)
        using (FileDescriptor any = Descriptors.Event())
        {
            sender.Send("x"u8, [any]);
            using (new NoDescriptorsLeft(but: 1))
            {
                var passed = new List<FileDescriptor>();
                Assert.Equal(1, receiver.Receive(new byte[1], passed, out _));

                // No thread could be made now for want of descriptors.
                Assert.Single(passed).Dispose();

                int fd = -1;
                Assert.True(SpinWait.SpinUntil(() => (fd = Libc.CreateEvent()) >= 0, s_patience));
                Errno.Check(Libc.Close(fd), "close");
            }
        }
    }

    private static (SeqPacketSocket Receiver, RawPeer Sender) Pair()
    {
        int[] ends = SocketPair();
        return (new SeqPacketSocket(FileDescriptor.ChannelTo(ends[0])), new RawPeer(new SeqPacketSocket(new FileDescriptor(ends[1]))));
    }

    private static int[] SocketPair()
    {
        int[] ends = new int[2];
        Assert.Equal(0, socketpair(Libc.AF_UNIX, Libc.SOCK_SEQPACKET | Libc.SOCK_CLOEXEC, 0, ends));
        return ends;
    }

    private static void SetOption(SeqPacketSocket socket, int option)
    {
        int on = 1;
        Assert.Equal(0, setsockopt(socket.Descriptor, Libc.SOL_SOCKET, option, ref on, sizeof(int)));
    }

    // One user's descriptors are closed one after the other: when this one is, so are all before it.
    private static void ExpectNothingWaits(uint user)
    {
        int[] ends = SocketPair();
        Reaper.Shared.Close(ends[0], ClosingRisk.Unknown, user);
        using var other = new RawPeer(new SeqPacketSocket(new FileDescriptor(ends[1])));
        Assert.Null(other.ReadToEnd());
    }

    private static int ProcessesHeld() => Directory.EnumerateFileSystemEntries("/proc/self/fd")
        .Count(link => new FileInfo(link).LinkTarget?.Contains("pidfd", StringComparison.Ordinal) == true);

    [DllImport("libc", SetLastError = true)]
    private static extern int socketpair(int domain, int type, int protocol, [Out] int[] ends);

    [DllImport("libc", SetLastError = true)]
    private static extern int setsockopt(FileDescriptor fd, int level, int name, ref int value, int length);
}
