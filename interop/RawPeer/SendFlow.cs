using ZMemif;

namespace RawPeer;

/// <summary>Frames go out; done when the peer has taken the last one.</summary>
internal sealed class SendFlow(Settings settings, MemifPort port, int queue) : Flow(settings, port, queue)
{
    protected override bool Work(out long carried)
    {
        int moved = Send(Settings.Burst);
        carried = Sent - Tx.Statistics.Occupancy;
        return moved > 0;
    }

    protected override string Judge(ReadOnlySpan<byte> frame, long number) => "was not asked for";
}
