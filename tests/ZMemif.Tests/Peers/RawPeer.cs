using ZMemif.Control;
using ZMemif.Native;

namespace ZMemif.Tests.Peers;

/// <summary>
/// One end of a control channel in the hands of a test: sends any bytes with any descriptors, whenever it likes, and
/// waits for what comes back.
/// </summary>
internal sealed class RawPeer(SeqPacketSocket socket) : IDisposable
{
    private const int PatienceMilliseconds = 20_000;

    internal static RawPeer Connect(string address) => new(ControlAddress.Connect(UnixAddress.Parse(address)));

    internal void Send(ReadOnlySpan<byte> message, FileDescriptor? passed = null) =>
        Assert.Equal(message.Length, socket.Send(message, passed));

    internal void Send(ReadOnlySpan<byte> message, IReadOnlyList<FileDescriptor> passed) =>
        Assert.Equal(message.Length, SeveralRights.Send(socket.Descriptor, message, passed));

    /// <summary>The next message, and the descriptors that came with it; null at the end of the stream.</summary>
    internal (byte[] Message, List<FileDescriptor> Passed)? Receive()
    {
        byte[] message = new byte[256];
        var passed = new List<FileDescriptor>();
        while (true)
        {
            long result = socket.Receive(message, passed, out _);
            if (result > 0)
                return (message[..(int)result], passed);
            if (result == 0)
                return null;
            // A reset means that the other end left something unread; what it had sent before is still to be read.
            if (result == -Errno.EAGAIN)
                WaitReadable();
            else
                Assert.Equal(-Errno.ECONNRESET, result);
        }
    }

    /// <summary>The next message, which must be of this type and carry no descriptor.</summary>
    internal byte[] Expect(MessageType type)
    {
        (byte[] message, List<FileDescriptor> passed) = ExpectPassing(type);
        Assert.Empty(passed);
        return message;
    }

    internal (byte[] Message, List<FileDescriptor> Passed) ExpectPassing(MessageType type)
    {
        (byte[] Message, List<FileDescriptor> Passed)? next = Receive();
        Assert.True(next is not null, $"The stream ended where {type} was expected.");
        Assert.Equal(ControlMessage.Bytes, next.Value.Message.Length);
        if (ControlMessage.TypeOf(next.Value.Message) == MessageType.Disconnect)
            Assert.Equal(type.ToString(), DisconnectMessage.Read(next.Value.Message).Reason);
        Assert.Equal(type, ControlMessage.TypeOf(next.Value.Message));
        return next.Value;
    }

    /// <summary>Reads to the end of the stream.</summary>
    /// <returns>The reason that DISCONNECT gave; null if there was none.</returns>
    internal string? ReadToEnd()
    {
        string? reason = null;
        while (Receive() is { } next)
        {
            next.Passed.ForEach(fd => fd.Dispose());
            if (ControlMessage.TypeOf(next.Message) == MessageType.Disconnect)
                reason = DisconnectMessage.Read(next.Message).Reason;
        }

        return reason;
    }

    public void Dispose() => socket.Dispose();

    /// <summary>Waits until the other end has said something or is gone, and leaves it unread.</summary>
    internal void WaitReadable()
    {
        PollFd[] set = [new() { Fd = socket.Descriptor.Number, Events = Libc.POLLIN }];
        int ready = Libc.Poll(set, PatienceMilliseconds);
        Assert.True(ready >= 0);
        if (ready == 0)
            throw new TimeoutException("The other end of the control channel said nothing.");
    }
}
