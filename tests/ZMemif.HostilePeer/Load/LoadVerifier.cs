namespace ZMemif.HostilePeer.Load;

/// <summary>
/// Verifies what comes on one queue: every byte, and that nothing is missing or twice. When the other process has been
/// replaced, its numbers begin anew, or go on where another of its links ended.
/// </summary>
/// <param name="mayJoinLate">Whether the first packet may have any number: the sender is older than this process.</param>
internal sealed class LoadVerifier(bool mayJoinLate)
{
    private ulong _next;
    private ulong _verified;

    internal ulong Verified => Volatile.Read(ref _verified);

    internal void Verify(ReadOnlySpan<byte> packet)
    {
        VerifyContent(packet, out ulong number);
        bool isExpected = number == _next || LoadPort.IsFirst(number) || (mayJoinLate && _verified == 0);
        if (!isExpected)
            Journal.Fault($"Packet {number} came where {_next} was expected.");
        _next = number + 1;
        Volatile.Write(ref _verified, _verified + 1);
    }

    internal static void VerifyContent(ReadOnlySpan<byte> packet, out ulong number)
    {
        if (!HonestPacket.IsMarked(packet) || !HonestPacket.IsRight(packet, out number) || packet.Length != LoadPort.LengthOf(number))
        {
            Journal.Fault($"A packet of {packet.Length} bytes has a wrong content.");
            number = 0;
        }
    }
}
