using ZMemif.Udp.Stack;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Tests.Stack;

/// <summary>
/// A neighbor cache without limits, as a dictionary that is searched from end to end: what a real one is to be compared
/// with. Time is in seconds.
/// </summary>
internal sealed class NeighborModel
{
    private const double Never = double.PositiveInfinity;

    private readonly Dictionary<Ipv4Address, Neighbor> _neighbors = [];
    private double _now;

    internal List<NeighborRequest> Requests { get; } = [];

    internal int Unreachable { get; private set; }

    internal int QueueFull { get; private set; }

    internal int Parked => _neighbors.Values.Sum(neighbor => neighbor.Frames.Count);

    internal double NextDeadline => _neighbors.Values.Select(neighbor => neighbor.Due).Append(Never).Min() - _now;

    internal NeighborState StateOf(Ipv4Address address) => _neighbors.GetValueOrDefault(address)?.State ?? NeighborState.None;

    internal MacAddress? Find(Ipv4Address address)
    {
        if (_neighbors.GetValueOrDefault(address) is not { Mac: { } mac } neighbor)
            return null;
        neighbor.IsUsed = true;
        if (neighbor.State == NeighborState.Stale)
            Begin(address, neighbor, NeighborState.Probe, keepsUse: true);
        return mac;
    }

    internal MacAddress? Park(Ipv4Address address, byte[] frame)
    {
        if (!_neighbors.TryGetValue(address, out Neighbor? neighbor))
            _neighbors[address] = neighbor = new Neighbor();
        if (neighbor.Mac is { } mac)
            return mac;
        if (neighbor.State == NeighborState.Failed && _now < neighbor.RetryAt)
        {
            Unreachable++;
            return null;
        }

        if (neighbor.State != NeighborState.Incomplete)
            Begin(address, neighbor, NeighborState.Incomplete);
        neighbor.Frames.Add(frame);
        if (neighbor.Frames.Count > NeighborCache.MaxParkedFrames)
        {
            neighbor.Frames.RemoveAt(0);
            QueueFull++;
        }

        return null;
    }

    internal List<byte[]> Learn(Ipv4Address address, MacAddress mac, bool isRequestToUs)
    {
        if (!_neighbors.TryGetValue(address, out Neighbor? neighbor))
        {
            if (!isRequestToUs)
                return [];
            _neighbors[address] = neighbor = new Neighbor();
        }

        bool isOther = neighbor.Mac is not null && neighbor.Mac != mac;
        if (neighbor.State == NeighborState.Permanent || (isOther && _now < neighbor.HeardAt + 1))
            return [];
        bool isClaim = neighbor.State == NeighborState.Failed || (isOther && neighbor.State != NeighborState.Probe);
        List<byte[]> frames = neighbor.Frames;
        bool wasUsed = neighbor.IsUsed;
        (neighbor.Mac, neighbor.HeardAt, neighbor.Frames, neighbor.IsUsed) = (mac, _now, [], false);
        (neighbor.State, neighbor.Due) = isClaim ? (NeighborState.Stale, _now + 60) : (NeighborState.Reachable, _now + 45);
        neighbor.Failures = isClaim ? neighbor.Failures : 0;
        if (isClaim && wasUsed)
            Begin(address, neighbor, NeighborState.Probe);
        return frames;
    }

    internal List<byte[]> SetPermanent(Ipv4Address address, MacAddress mac)
    {
        List<byte[]> frames = _neighbors.GetValueOrDefault(address)?.Frames ?? [];
        _neighbors[address] = new Neighbor { Mac = mac, State = NeighborState.Permanent, Due = Never };
        return frames;
    }

    internal void Clear()
    {
        foreach ((Ipv4Address address, Neighbor neighbor) in _neighbors.Where(pair => pair.Value.State != NeighborState.Permanent))
        {
            Unreachable += neighbor.Frames.Count;
            _neighbors.Remove(address);
        }
    }

    internal void Pass(double seconds)
    {
        double end = _now + seconds;
        while (_now + NextDeadline <= end)
        {
            _now += NextDeadline;
            foreach ((Ipv4Address address, Neighbor neighbor) in _neighbors.Where(pair => pair.Value.Due <= _now).ToArray())
                Step(address, neighbor);
        }

        _now = end;
    }

    private void Step(Ipv4Address address, Neighbor neighbor)
    {
        switch (neighbor.State)
        {
            case NeighborState.Incomplete when neighbor.Requests == 3:
            case NeighborState.Probe when neighbor.Requests == 5:
                Fail(neighbor);
                break;
            case NeighborState.Incomplete or NeighborState.Probe:
                Ask(address, neighbor);
                break;
            case NeighborState.Reachable when neighbor.IsUsed:
                Begin(address, neighbor, NeighborState.Probe);
                break;
            case NeighborState.Reachable:
                bool isOld = _now >= neighbor.HeardAt + 60;
                neighbor.Due = neighbor.HeardAt + (isOld ? 120 : 60);
                neighbor.State = isOld ? NeighborState.Stale : NeighborState.Reachable;
                break;
            default:
                _neighbors.Remove(address);
                break;
        }
    }

    private void Fail(Neighbor neighbor)
    {
        Unreachable += neighbor.Frames.Count;
        (neighbor.State, neighbor.Mac, neighbor.IsUsed, neighbor.Frames) = (NeighborState.Failed, null, false, []);
        neighbor.RetryAt = _now + (neighbor.Failures++ switch { 0 => 4, 1 => 8, _ => 16 });
        neighbor.Due = neighbor.RetryAt + 60;
    }

    private void Begin(Ipv4Address address, Neighbor neighbor, NeighborState state, bool keepsUse = false)
    {
        (neighbor.State, neighbor.Requests, neighbor.IsUsed) = (state, 0, keepsUse);
        Ask(address, neighbor);
    }

    private void Ask(Ipv4Address address, Neighbor neighbor)
    {
        bool isUnicast = neighbor.State == NeighborState.Probe && neighbor.Requests < 2;
        Requests.Add(new NeighborRequest(address, isUnicast ? neighbor.Mac!.Value : MacAddress.Broadcast));
        neighbor.Requests++;
        neighbor.Due = _now + 1;
    }

    private sealed class Neighbor
    {
        internal NeighborState State { get; set; }

        internal MacAddress? Mac { get; set; }

        internal bool IsUsed { get; set; }

        internal int Requests { get; set; }

        internal int Failures { get; set; }

        internal double HeardAt { get; set; } = double.NegativeInfinity;

        internal double RetryAt { get; set; }

        internal double Due { get; set; } = Never;

        internal List<byte[]> Frames { get; set; } = [];
    }
}
