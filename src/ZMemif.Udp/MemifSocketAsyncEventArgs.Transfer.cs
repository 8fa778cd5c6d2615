using System.Net;
using System.Net.Sockets;
using ZMemif.Udp.Sockets;
using ZMemif.Udp.Stack;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp;

/// <content>Receives and sends, and their outcome.</content>
public partial class MemifSocketAsyncEventArgs : IReceiveCaller
{
    private EventReceive? _receive;
    private int _room;
    private Ipv4Address? _destination;
    private ValueTask<SocketError> _sending;
    private Action? _sent;
    private int _length;

    /// <summary>Begins a receive.</summary>
    /// <returns>Whether it is pending.</returns>
    internal bool Receive(UdpEndpoint endpoint)
    {
        DirectReceive direct = default;
        SocketError error = SegmentList.RefusalOf(_segments, _flags, endpoint);
        if (error == SocketError.Success)
        {
            Memory<byte> room = Room();
            _room = room.Length;
            _receive ??= new EventReceive(this);
            error = _receive.Start(endpoint, room, ReceiveFlags.LeavesIt(_flags, room.Length), out direct);
        }

        // Who waits may have been told by now, and this be in other hands.
        if (error == SocketError.WouldBlock)
            return true;
        (int count, SocketFlags flags) = error == SocketError.Success ? Take(direct) : default;
        Finish(error, count, flags);
        return false;
    }

    void IReceiveCaller.Received(SocketError error, in DirectReceive direct)
    {
        (int count, SocketFlags flags) = error == SocketError.Success ? Take(direct) : default;
        FinishAndRaise(error, count, flags);
    }

    /// <summary>What a send sends: the buffer, or the buffers as one.</summary>
    internal SocketError GetPayload(out ReadOnlyMemory<byte> payload)
    {
        SocketError error = Gather(out payload);
        _length = payload.Length;
        return error;
    }

    /// <summary>Takes over a send that has begun.</summary>
    /// <returns>Whether it is pending.</returns>
    internal bool Await(ValueTask<SocketError> sending)
    {
        if (sending.IsCompleted)
        {
            SocketError error = sending.Result;
            Finish(error, SentBytes(error), SocketFlags.None);
            return false;
        }

        Pend(sending);
        return true;
    }

    /// <summary>Takes over a send that has begun, and tells its outcome on the thread pool, even if it is over by now.</summary>
    internal void Pend(ValueTask<SocketError> sending)
    {
        _sending = sending;
        sending.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(_sent ??= OnSent);
    }

    /// <summary>Counts what a send of several packets has sent.</summary>
    internal void CountPacket(int length) => _length += length;

    private void OnSent()
    {
        SocketError error = _sending.Result;
        _sending = default;
        FinishAndRaise(error, SentBytes(error), SocketFlags.None);
    }

    private int SentBytes(SocketError error) => error == SocketError.Success || LastOperation == SocketAsyncOperation.SendPackets ? _length : 0;

    private (int Count, SocketFlags Flags) Take(in DirectReceive direct)
    {
        ScatterFrom(Math.Min(direct.Length, _room));
        if (LastOperation != SocketAsyncOperation.Receive)
            TakeSender(direct.Source);
        if (LastOperation == SocketAsyncOperation.ReceiveMessageFrom)
            TakeDestination(direct.Destination, direct.InterfaceIndex);
        return (ReceiveFlags.CountOf(direct.Length, _room, _flags), Told(direct.Length));
    }

    // Only ReceiveMessageFrom has room for what was asked for about the packet (recvmsg(2), MSG_CTRUNC).
    private SocketFlags Told(int length)
    {
        SocketFlags told = length > _room ? SocketFlags.Truncated : SocketFlags.None;
        return LastOperation != SocketAsyncOperation.ReceiveMessageFrom && _socket!.NotesInterface ? told | SocketFlags.ControlDataTruncated : told;
    }

    // The sender is mostly the same as before, and then nothing has to be made.
    private void TakeSender(UdpPeer sender)
    {
        if (RemoteEndPoint is not { } known)
            RemoteEndPoint = sender.ToEndPoint();
        else if (known.GetType() != typeof(IPEndPoint))
            RemoteEndPoint = known.Create(SocketAddresses.Make(sender));
        else if (TryRead((IPEndPoint)known) != sender)
            RemoteEndPoint = sender.ToEndPoint();
    }

    private void TakeDestination(Ipv4Address destination, int interfaceIndex)
    {
        if (_destination == destination && ReceiveMessageFromPacketInfo.Interface == interfaceIndex)
            return;
        _destination = destination;
        ReceiveMessageFromPacketInfo = PacketInformation.Create(destination, interfaceIndex);
    }

    private static UdpPeer? TryRead(IPEndPoint endPoint) => endPoint.AddressFamily == AddressFamily.InterNetwork
        ? new UdpPeer(Ipv4Address.FromIPAddress(endPoint.Address), (ushort)endPoint.Port)
        : null;
}
