using System.Globalization;
using System.Text;
using ZMemif.Memory;

namespace ZMemif;

/// <content>What the port is and did, in numbers and in words.</content>
public sealed partial class MemifPort
{
    /// <summary>What the port did so far: the sums of its queues, and its links. May be read from any thread.</summary>
    public MemifPortStatistics Statistics => new()
    {
        Rx = RxQueues.Select(queue => queue.Statistics).Aggregate(MemifRxStatistics.Sum),
        Tx = TxQueues.Select(queue => queue.Statistics).Aggregate(MemifTxStatistics.Sum),
        Connections = ConnectionCount,
    };

    /// <summary>The port in a line, for people.</summary>
    public override string ToString() =>
        $"{Name} (id {Id}, {Role} on {_socket.Address}): {State}"
        + (PeerName.Length == 0 ? "" : $", peer {PeerApplication} {PeerName}")
        + (MemoryConfiguration is { } memory ? $", {memory.TxQueues} tx and {memory.RxQueues} rx queues of {memory.RingSize} slots" : "");

    /// <summary>
    /// The port in full, for people: identity, link, regions, and each queue with its ring and counters; a line each. The
    /// wording may change.
    /// </summary>
    public string ToDetails()
    {
        var text = new StringBuilder();
        Add(text, $"{this}");
        Add(text, $"  mode {Mode}, {(_identity.Secret.IsEmpty ? "no secret" : "secret")}, {ConnectionCount} connections");
        if (LastError is { } error)
            Add(text, $"  last error: {error.Message}");
        if (State == MemifPortState.Connected && _link is { } link)
            AddRegions(text, link.Generation);
        foreach (MemifTxQueue queue in TxQueues)
            Add(text, $"  tx {queue.Index}: {Describe(queue.Statistics)}");
        foreach (MemifRxQueue queue in RxQueues)
            Add(text, $"  rx {queue.Index}: {queue.ReceiveMode}, {Describe(queue.Statistics)}");
        return text.ToString();
    }

    private static void AddRegions(StringBuilder text, Generation generation)
    {
        for (int i = 0; i < generation.Regions.Count; i++)
            Add(text, $"  region {i}: {generation.Regions[i].Size} bytes{(generation.Regions[i].IsSealed ? "" : ", not sealed")}");
    }

    private static FormattableString Describe(in MemifTxStatistics tx) =>
        $"{tx.Occupancy} of {tx.RingSize} slots, {tx.Packets} packets, {tx.Bytes} bytes, refused {tx.RefusedRingFull} ring full {tx.RefusedLinkDown} link down {tx.RefusedTooLong} too long, {tx.SignalsSent} signals, {tx.SignalsSkipped} skipped, {tx.Rekicks} again";

    private static FormattableString Describe(in MemifRxStatistics rx) =>
        $"{rx.Occupancy} of {rx.RingSize} slots, {rx.Packets} packets, {rx.Bytes} bytes, dropped {rx.DroppedOutsideMemory} outside memory {rx.DroppedLongerThanBuffer} longer than buffer {rx.DroppedTooLong} too long, {rx.Wakeups} wake-ups";

    private static void Add(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
