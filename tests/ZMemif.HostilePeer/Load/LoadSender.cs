namespace ZMemif.HostilePeer.Load;

/// <summary>Sends numbered packets on one queue, in bursts by copy or written in place, as fast as the ring takes them.</summary>
internal sealed class LoadSender(MemifTxQueue queue, bool inPlace)
{
    private const int Burst = 32;

    private readonly byte[][] _packets = [.. Enumerable.Range(0, Burst).Select(_ => new byte[LoadPort.MaxLength])];
    private readonly ReadOnlyMemory<byte>[] _burst = new ReadOnlyMemory<byte>[Burst];
    private ulong _number = LoadPort.FirstNumber();

    /// <returns>How many packets went.</returns>
    internal int Send() => inPlace ? SendInPlace() : SendCopies();

    private int SendCopies()
    {
        for (int i = 0; i < Burst; i++)
        {
            Memory<byte> packet = _packets[i].AsMemory(0, LoadPort.LengthOf(_number + (ulong)i));
            HonestPacket.Write(packet.Span, _number + (ulong)i);
            _burst[i] = packet;
        }

        int sent = queue.Send(_burst);
        _number += (ulong)sent;
        return sent;
    }

    private int SendInPlace()
    {
        int reserved = 0;
        while (reserved < Burst && queue.TryReserve(LoadPort.LengthOf(_number), out Span<byte> buffer))
        {
            HonestPacket.Write(buffer, _number++);
            reserved++;
        }

        queue.Commit();
        return reserved;
    }
}
