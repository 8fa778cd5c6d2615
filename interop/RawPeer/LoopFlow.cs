using ZMemif;

namespace RawPeer;

/// <summary>Frames go out and must come back, in order, at most a window of them under way.</summary>
internal class LoopFlow(Settings settings, MemifPort port, int queue) : Flow(settings, port, queue)
{
    private readonly byte[] _expected = new byte[65536];

    protected override bool Work(out long carried)
    {
        bool mayMore = Sent - Received + Settings.Burst <= Settings.Window;
        int moved = mayMore ? Send(Settings.Burst) : 0;
        moved += Receive(Settings.Window);
        carried = Received;
        return moved > 0;
    }

    protected override string? Judge(ReadOnlySpan<byte> frame, long number) =>
        NumberedFrame.Difference(frame, Expected(_expected, number));
}
