using ZMemif;

namespace RawPeer;

/// <summary>Frames of testpmd's own making come in.</summary>
internal sealed class ReceiveFlow(Settings settings, MemifPort port, int queue) : Flow(settings, port, queue)
{
    protected override bool Work(out long carried)
    {
        int moved = Receive(Settings.Window);
        carried = Received;
        return moved > 0;
    }

    protected override string? Judge(ReadOnlySpan<byte> frame, long number) => TxOnlyFrame.Difference(frame, Settings.LengthOf(number));

    protected override bool IsOfAnotherConnection(ReadOnlySpan<byte> frame) => false;
}
