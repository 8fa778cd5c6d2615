using ZMemif;

namespace RawPeer;

/// <summary>
/// A burst goes out with one publication, which must find room for all of it, and is left on the ring until all of it has
/// come back, to be taken with one look. Frames fit one buffer each.
/// </summary>
internal sealed class BurstFlow(Settings settings, MemifPort port, int queue) : LoopFlow(settings, port, queue)
{
    protected override bool Work(out long carried)
    {
        bool moved = Sent == Received ? SendWhole() : ReceiveWhole();
        carried = Received;
        return moved;
    }

    private bool SendWhole()
    {
        int room = Math.Min(Settings.Burst, Tx.Statistics.RingSize - Tx.Statistics.Occupancy);
        return room == Settings.Burst && Send(Settings.Burst) > 0;
    }

    private bool ReceiveWhole()
    {
        int underWay = (int)(Sent - Received);
        if (Rx.Statistics.Occupancy < underWay)
            return false;
        int received = Receive(underWay);
        return received == underWay
            ? true
            : throw new InvalidDataException($"queue {Queue}: one look found {received} of the {underWay} frames on the ring");
    }
}
