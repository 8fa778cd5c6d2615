using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;
using ZMemif.Udp.Sockets;
using ZMemif.Udp.Stack;
using ZMemif.Udp.Tests.Stack;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Tests.Sockets;

/// <summary>What the stack does with an inbox, in short words.</summary>
internal static class InboxDriver
{
    /// <summary>Delivers a datagram whose payload is a number.</summary>
    internal static MemifDropReason? Deliver(this DatagramInbox inbox, int number)
    {
        Span<byte> payload = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(payload, number);
        return inbox.Deliver(payload);
    }

    internal static MemifDropReason? Deliver(this DatagramInbox inbox, ReadOnlySpan<byte> payload) =>
        inbox.Deliver(Local, payload);

    /// <summary>Delivers a datagram that no call took off the link.</summary>
    internal static MemifDropReason? Deliver(this DatagramInbox inbox, in ReceivedDatagram datagram, ReadOnlySpan<byte> payload)
    {
        DirectReceive nobody = default;
        return inbox.Deliver(datagram, payload, ref nobody);
    }

    /// <summary>Delivers a datagram from the link whose checksum does not fit.</summary>
    internal static MemifDropReason? DeliverDamaged(this DatagramInbox inbox, ReadOnlySpan<byte> payload)
    {
        byte[] header = new byte[UdpPacket.HeaderLength];
        ushort right = UdpPacket.ComputeChecksum(Net.Neighbor, Net.Own, 5000, 7, payload.Length, InternetChecksum.Sum(payload));
        UdpPacket.WriteHeader(header, 5000, 7, payload.Length, (ushort)(right ^ 0x0100));
        Assert.Equal(UdpError.None, UdpPacket.TryParse(header, header.Length + payload.Length, out UdpPacket udp));
        var datagram = new ReceivedDatagram
        {
            Source = Net.Neighbor,
            Destination = Net.Own,
            SourcePort = 5000,
            DestinationPort = 7,
            Header = udp,
        };
        return inbox.Deliver(datagram, payload);
    }

    /// <summary>Waits for the next datagram, in turn, without a thread.</summary>
    internal static ValueTask<QueuedDatagram> TakeAsync(this DatagramInbox inbox, CancellationToken cancellationToken) =>
        inbox.TakeOrPend(default, cancellationToken, out QueuedDatagram datagram, out ReceiveOperation? operation) switch
        {
            SocketError.Success => new ValueTask<QueuedDatagram>(datagram),
            SocketError.WouldBlock => new ValueTask<QueuedDatagram>(operation!, operation!.Version),
            var error => ValueTask.FromException<QueuedDatagram>(new SocketException((int)error)),
        };

    /// <summary>Waits for the next datagram, in turn, as a thread does that may not drive.</summary>
    internal static SocketError Take(this DatagramInbox inbox, int milliseconds, out QueuedDatagram datagram)
    {
        DirectReceive direct = DirectReceive.IntoArray(new TestSink());
        SocketError error = BlockingReceive.Wait(inbox, seat: null, ref direct, new Deadline(milliseconds));
        byte[] buffer = ArrayPool<byte>.Shared.Rent(direct.Length);
        direct.Array?.CopyTo(buffer, 0);
        datagram = new QueuedDatagram(buffer, direct.Length, direct.Source.Address, direct.Source.Port, direct.Destination, 0, 0, 0, 0);
        return error;
    }

    /// <summary>The number in the next datagram; null when there is none.</summary>
    internal static int? TakeNumber(this DatagramInbox inbox) =>
        inbox.TryTake(out QueuedDatagram datagram) ? NumberIn(datagram) : null;

    /// <summary>Reads the number and gives the buffer back.</summary>
    internal static int NumberIn(in QueuedDatagram datagram)
    {
        Assert.Equal(sizeof(int), datagram.Length);
        int number = BinaryPrimitives.ReadInt32LittleEndian(datagram.Payload);
        DatagramInbox.Return(datagram);
        return number;
    }

    private static ReceivedDatagram Local => new()
    {
        Source = Net.Neighbor,
        Destination = Net.Own,
        SourcePort = 5000,
        DestinationPort = 7,
        IsVerified = true,
    };
}
