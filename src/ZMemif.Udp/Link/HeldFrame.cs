namespace ZMemif.Udp.Link;

/// <summary>A frame that is under way.</summary>
/// <param name="Buffer">A pooled array that begins with it.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Slots">What it will take of a ring.</param>
/// <param name="Due">When it arrives, as a timestamp of the line's clock.</param>
internal readonly record struct HeldFrame(byte[] Buffer, int Length, int Slots, long Due)
{
    internal ReadOnlySpan<byte> Bytes => Buffer.AsSpan(0, Length);
}
