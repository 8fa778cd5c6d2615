using Microsoft.Extensions.Time.Testing;
using ZMemif.Udp.Link;

namespace ZMemif.Udp.Tests.Link;

/// <summary>Faults on a <see cref="TestLink"/> and a manual clock; frames are numbers.</summary>
internal sealed class FaultBed : IAsyncDisposable
{
    private readonly FaultLink _link;

    internal FaultBed(string faults, int queues = 1)
    {
        Ring = new TestLink(queues);
        _link = new FaultLink(Ring, MemifFaults.Parse(faults), Time);
    }

    internal FakeTimeProvider Time { get; } = new();

    /// <summary>The link beyond the faults.</summary>
    internal TestLink Ring { get; }

    internal ILinkReceiver Receiver => _link.Receivers[0];

    internal ILinkTransmitter Transmitter => _link.Transmitters[0];

    internal MemifFaultCounts OnReceive => new(_link.OnReceive);

    internal MemifFaultCounts OnTransmit => new(_link.OnTransmit);

    /// <summary>The numbers of the frames on the ring's first queue.</summary>
    internal int[] Sent => [.. Ring.Sent.Select(Number)];

    public ValueTask DisposeAsync() => _link.DisposeAsync();

    internal static byte[] Frame(int number, int length = 60)
    {
        byte[] frame = new byte[length];
        BitConverter.TryWriteBytes(frame, number);
        return frame;
    }

    internal static int Number(byte[] frame) => BitConverter.ToInt32(frame);

    internal void Pass(double milliseconds) => Time.Advance(TimeSpan.FromMilliseconds(milliseconds));

    internal bool TrySend(int number, int queue = 0, int length = 60)
    {
        ILinkTransmitter transmitter = _link.Transmitters[queue];
        if (!transmitter.TryReserve(length, out Span<byte> frame))
            return false;
        Assert.Equal(length, frame.Length);
        Frame(number, length).CopyTo(frame);
        return transmitter.Commit();
    }

    /// <summary>Sends frames until each was accepted, while time passes.</summary>
    internal void SendAll(int count, int queue = 0)
    {
        for (int i = 0; i < count; i++)
        {
            for (int attempts = 0; !TrySend(i, queue); attempts++)
            {
                Assert.True(attempts < 100);
                Pass(0.25);
            }
        }
    }

    /// <summary>All frames that can be received now.</summary>
    internal List<byte[]> ReceiveAll(int burst = 64)
    {
        var frames = new List<byte[]>();
        for (int count; (count = Receiver.Acquire(burst)) > 0; Receiver.Release())
        {
            for (int i = 0; i < count; i++)
            {
                Assert.True(Receiver.TryRead(out ReadOnlySpan<byte> frame));
                frames.Add(frame.ToArray());
            }

            Assert.False(Receiver.TryRead(out _));
        }

        return frames;
    }
}
