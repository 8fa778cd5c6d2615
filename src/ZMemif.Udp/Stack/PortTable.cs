using System.Security.Cryptography;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>
/// Which sockets listen on which port (RFC 768). Reads take no lock: a port's sockets are an array that is replaced,
/// never changed. Two levels of 256, so that an idle interface pays for what it uses.
/// </summary>
internal sealed class PortTable(int firstEphemeral, int lastEphemeral)
{
    private const int PageSize = 256;

    private readonly IDatagramSink[]?[]?[] _pages = new IDatagramSink[PageSize][][];
    private readonly Lock _lock = new();

    /// <summary>Binds a socket to a port. Port 0 asks for an unused one of the ephemeral range, chosen at random (RFC 6056).</summary>
    /// <returns>The port, or null when it is taken (or none is free). Sockets that all share (SO_REUSEPORT) may have the same.</returns>
    internal ushort? TryBind(IDatagramSink sink, Ipv4Address address, ushort port)
    {
        lock (_lock)
        {
            ushort? chosen = port == 0 ? ChooseEphemeral() : IsTaken(sink, address, port) ? null : port;
            if (chosen is { } free)
                Set(free, [.. Sockets(free), sink]);
            return chosen;
        }
    }

    internal void Unbind(IDatagramSink sink, ushort port)
    {
        lock (_lock)
            Set(port, [.. Sockets(port).ToArray().Where(other => other != sink)]);
    }

    /// <summary>
    /// The socket for a datagram: one that is connected to its sender before one bound to the address before one bound
    /// to any. Of several that share, all datagrams of a flow go to the same. Null when there is none.
    /// </summary>
    internal IDatagramSink? Find(Ipv4Address destination, ushort port, Ipv4Address source, ushort sourcePort)
    {
        IDatagramSink? best = null;
        int bestScore = 0;
        int equals = 0;
        ReadOnlySpan<IDatagramSink> sockets = Sockets(port);
        foreach (IDatagramSink sink in sockets)
        {
            int score = Score(sink, destination, source, sourcePort);
            if (score > bestScore)
                (best, bestScore, equals) = (sink, score, 0);
            else if (score == bestScore)
                equals++;
        }

        return bestScore == 0 || equals == 0 ? best : FindShared(sockets, destination, port, source, sourcePort, bestScore, equals + 1) ?? best;
    }

    /// <summary>The sockets for a datagram to a broadcast address or a group: each one that matches gets it.</summary>
    internal Matches FindAll(Ipv4Address destination, ushort port, Ipv4Address source, ushort sourcePort) =>
        new(Sockets(port), destination, source, sourcePort);

    /// <summary>Every bound socket, at this moment.</summary>
    internal IReadOnlyList<IDatagramSink> All()
    {
        lock (_lock)
            return [.. _pages.Where(page => page is not null).SelectMany(page => page!).Where(sinks => sinks is not null).SelectMany(sinks => sinks!).Distinct()];
    }

    // The n-th of those with the best score, n being chosen by the flow's hash.
    private static IDatagramSink? FindShared(
        ReadOnlySpan<IDatagramSink> sockets, Ipv4Address destination, ushort port, Ipv4Address source, ushort sourcePort, int score, int count)
    {
        uint chosen = new UdpFlow(source, sourcePort, destination, port).Hash % (uint)count;
        foreach (IDatagramSink sink in sockets)
        {
            if (Score(sink, destination, source, sourcePort) == score && chosen-- == 0)
                return sink;
        }

        return null; // A socket has got another peer at this moment.
    }

    // 0: does not match. A matching peer counts more than a matching address, and that more than a wildcard.
    private static int Score(IDatagramSink sink, Ipv4Address destination, Ipv4Address source, ushort sourcePort)
    {
        Ipv4Address local = sink.LocalAddress;
        if (!local.IsAny && local != destination)
            return 0;
        int score = local.IsAny ? 1 : 2;
        if (sink.Peer is not { } peer)
            return score;
        bool fromPeer = peer.Address == source && (peer.Port == 0 || peer.Port == sourcePort);
        return fromPeer ? score + 2 : 0;
    }

    private ReadOnlySpan<IDatagramSink> Sockets(ushort port) =>
        Volatile.Read(ref _pages[port / PageSize]) is { } page ? Volatile.Read(ref page[port % PageSize]) : default(ReadOnlySpan<IDatagramSink>);

    private void Set(ushort port, IDatagramSink[] sinks)
    {
        IDatagramSink[]?[] page = _pages[port / PageSize] ?? new IDatagramSink[PageSize][];
        Volatile.Write(ref page[port % PageSize], sinks.Length == 0 ? null : sinks);
        Volatile.Write(ref _pages[port / PageSize], page);
    }

    private bool IsTaken(IDatagramSink sink, Ipv4Address address, ushort port)
    {
        foreach (IDatagramSink other in Sockets(port))
        {
            if (sink.SharesPort && other.SharesPort)
                continue;
            if (address.IsAny || other.LocalAddress.IsAny || other.LocalAddress == address)
                return true;
        }

        return false;
    }

    private ushort? ChooseEphemeral()
    {
        int count = lastEphemeral - firstEphemeral + 1;
        int start = RandomNumberGenerator.GetInt32(count);
        for (int i = 0; i < count; i++)
        {
            ushort port = (ushort)(firstEphemeral + ((start + i) % count));
            if (Sockets(port).IsEmpty)
                return port;
        }

        return null;
    }

    /// <summary>The sockets that match a datagram, one by one.</summary>
    internal ref struct Matches(ReadOnlySpan<IDatagramSink> sockets, Ipv4Address destination, Ipv4Address source, ushort sourcePort)
    {
        private readonly ReadOnlySpan<IDatagramSink> _sockets = sockets;
        private int _next;

        internal bool TryNext([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out IDatagramSink? sink)
        {
            while (_next < _sockets.Length)
            {
                sink = _sockets[_next++];
                if (Score(sink, destination, source, sourcePort) > 0)
                    return true;
            }

            sink = null;
            return false;
        }
    }
}
