using System.Net.Sockets;
using ZMemif.Udp.Stack;

namespace ZMemif.Udp.Sockets;

/// <content>Sending several datagrams: in runs that leave together, and the others one by one.</content>
internal sealed partial class UdpEndpoint
{
    /// <summary>Where a datagram of a batch goes.</summary>
    internal UdpPeer? PeerFor(in MemifDatagram datagram) => datagram.RemoteEndPoint == default ? Peer : datagram.RemoteEndPoint.Peer;

    /// <summary>Sends datagrams until one cannot be sent.</summary>
    /// <param name="datagrams">The datagrams.</param>
    /// <param name="milliseconds">How long to wait for room at most, in all: 0 not at all, −1 without limit.</param>
    /// <param name="error">Why it ended before the last.</param>
    /// <returns>How many were sent.</returns>
    internal int SendBatch(ReadOnlySpan<MemifDatagram> datagrams, int milliseconds, out SocketError error)
    {
        var deadline = new Deadline(milliseconds);
        error = SocketError.Success;
        int sent = 0;
        while (sent < datagrams.Length && error == SocketError.Success)
        {
            sent += SendRun(datagrams[sent..]);
            if (sent == datagrams.Length)
                break;
            error = SendOne(datagrams[sent], milliseconds == 0 ? 0 : deadline.RemainingMilliseconds);
            if (error == SocketError.Success)
                sent++;
        }

        return sent;
    }

    // Only what needs no look at anything else: a bound socket without an error to tell, and nobody waiting for room.
    private int SendRun(ReadOnlySpan<MemifDatagram> datagrams)
    {
        Binding binding = _binding;
        bool isPlain = binding.Port != 0 && !_isClosed && !_isSendEnded && !_inbox.HasFailure && _host.Sends.IsEmpty;
        return isPlain ? _stack.Udp.SendRun(SourceOf(binding), binding.Port, binding.Peer, Options, datagrams, Settings.SendBuffer) : 0;
    }

    private SocketError SendOne(in MemifDatagram datagram, int milliseconds)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)datagram.Length, (uint)datagram.Buffer.Length, nameof(datagram));
        SocketError refusal = Refusal(PeerFor(datagram));
        return refusal == SocketError.Success ? Send(PeerFor(datagram)!.Value, datagram.Payload.Span, Options, milliseconds) : refusal;
    }

    /// <summary>Why nothing may be sent there at all.</summary>
    internal SocketError Refusal(UdpPeer? to)
    {
        if (to is not { } peer)
            return SocketError.DestinationAddressRequired;
        if (peer.Port == 0 && Peer != peer)
            return SocketError.InvalidArgument;
        return !Settings.AllowsBroadcast && IsBroadcast(peer.Address) ? SocketError.AccessDenied : SocketError.Success;
    }
}
