using System.Buffers.Binary;
using System.Diagnostics;

namespace ZMemif.Cli.Bench;

/// <summary>
/// Raw frames with a sequence number each, which the receiver checks. The last frame has the number −1; the receiver
/// answers it with what it found, so that nothing on its way is taken for lost.
/// </summary>
internal static class RawBench
{
    private const long Last = -1;
    private const string OtherIsGone = "The other process ended in the middle of the measurement.";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    internal static (long Packets, long Lost, long Wrong, double Seconds) Send(BenchOptions options)
    {
        using var socket = new MemifSocket(options.Socket);
        MemifPort port = socket.AddPort(new MemifPortOptions { Role = MemifRole.Server });
        socket.Start();
        using PeerProcess peer = PeerProcess.Start("raw", options);
        using var limit = new CancellationTokenSource(s_patience);
        port.WaitConnectedAsync(limit.Token).GetAwaiter().GetResult();
        MemifTxQueue queue = port.TxQueues[0];

        long began = Stopwatch.GetTimestamp();
        long sent = 0;
        while (Stopwatch.GetElapsedTime(began).TotalSeconds < options.Seconds)
        {
            for (int i = 0; i < 64; i++)
                sent += SendBurst(queue, options, sent);
            RequireRoom(queue, options.Size);
        }

        Finish(queue, options.Size);
        (long received, long wrong) = ReadAnswer(port.RxQueues[0]);
        return (received, sent - received, wrong, Stopwatch.GetElapsedTime(began).TotalSeconds);
    }

    internal static void Receive(BenchOptions options)
    {
        using var socket = new MemifSocket(options.Socket);
        MemifPort port = socket.AddPort(new MemifPortOptions { Role = MemifRole.Client });
        socket.Start();
        using var limit = new CancellationTokenSource(s_patience);
        port.WaitConnectedAsync(limit.Token).GetAwaiter().GetResult();

        (long received, long wrong) = Count(port.RxQueues[0], options.Burst);
        Span<byte> answer = stackalloc byte[16];
        BinaryPrimitives.WriteInt64LittleEndian(answer, received);
        BinaryPrimitives.WriteInt64LittleEndian(answer[8..], wrong);
        RequireRoom(port.TxQueues[0], answer.Length);
        port.TxQueues[0].TrySend(answer);

        // The sender leaves when it has read the answer.
        while (port.State == MemifPortState.Connected)
            port.RxQueues[0].Wait(TimeSpan.FromMilliseconds(100));
    }

    private static int SendBurst(MemifTxQueue queue, BenchOptions options, long number)
    {
        int count = 0;
        while (count < options.Burst && queue.TryReserve(options.Size, out Span<byte> frame))
        {
            frame[16..].Fill((byte)number);
            BinaryPrimitives.WriteInt64LittleEndian(frame, number++);
            BinaryPrimitives.WriteInt64LittleEndian(frame[8..], ~number);
            count++;
        }

        queue.Commit();
        return count;
    }

    private static void Finish(MemifTxQueue queue, int size)
    {
        byte[] last = new byte[size];
        BinaryPrimitives.WriteInt64LittleEndian(last, Last);
        RequireRoom(queue, size);
        queue.TrySend(last);
    }

    private static void RequireRoom(MemifTxQueue queue, int length)
    {
        if (!queue.WaitForRoom(s_patience, length))
            throw new IOException(queue.IsConnected ? $"The other process took nothing for {s_patience.TotalSeconds} s." : OtherIsGone);
    }

    private static (long Received, long Wrong) Count(MemifRxQueue queue, int burst)
    {
        byte[] frame = new byte[65536];
        long received = 0;
        long expected = 0;
        long wrong = 0;
        while (true)
        {
            if (queue.Acquire(burst) == 0)
            {
                if (!queue.IsConnected)
                    throw new IOException(OtherIsGone);
                Thread.SpinWait(20);
                continue;
            }

            while (queue.TryRead(out MemifPacket packet))
            {
                int length = packet.CopyTo(0, frame);
                long number = BinaryPrimitives.ReadInt64LittleEndian(frame);
                if (number == Last)
                {
                    queue.Release();
                    return (received, wrong);
                }

                // After a loss it goes on with what comes: the missing ones are counted as lost, by the sender.
                bool isRight = number >= expected && BinaryPrimitives.ReadInt64LittleEndian(frame.AsSpan(8)) == ~(number + 1)
                    && frame[length - 1] == (length > 16 ? (byte)number : frame[length - 1]);
                received++;
                if (isRight)
                    expected = number + 1;
                else
                    wrong++;
            }

            queue.Release();
        }
    }

    private static (long Received, long Wrong) ReadAnswer(MemifRxQueue queue)
    {
        Span<byte> answer = stackalloc byte[16];
        long began = Stopwatch.GetTimestamp();
        while (!queue.TryReceive(answer, out _))
        {
            if (!queue.IsConnected || Stopwatch.GetElapsedTime(began) > s_patience)
                throw new IOException(queue.IsConnected ? "The receiver did not answer." : OtherIsGone);
            queue.Wait(TimeSpan.FromMilliseconds(10));
        }

        return (BinaryPrimitives.ReadInt64LittleEndian(answer), BinaryPrimitives.ReadInt64LittleEndian(answer[8..]));
    }
}
