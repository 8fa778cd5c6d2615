using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ZMemif.Udp;

namespace ZMemif.Cli.Bench;

/// <summary>
/// UDP datagrams with a sequence number each. The receiver acknowledges every quarter of the window, so that no more are
/// on their way than its receive buffer holds, and checks the numbers; the last datagram has the number −1.
/// </summary>
internal static class UdpBench
{
    private const int Port = 7000;
    private const long Last = -1;
    private const int AnswerBytes = 16;

    internal static (long Packets, long Lost, long Wrong, double Seconds) Send(BenchOptions options)
    {
        using MemifInterface memif = MemifInterface.OpenAsync($"Socket={options.Socket};Role=Server;Address=192.0.2.1/24").GetAwaiter().GetResult();
        using PeerProcess peer = PeerProcess.Start("udp", options);
        using MemifDatagramSocket socket = Open(memif);
        byte[] answer = new byte[AnswerBytes];
        EndPoint receiver = new IPEndPoint(IPAddress.Any, 0);
        socket.ReceiveFrom(answer, ref receiver);
        socket.Connect(receiver);

        byte[] payload = new byte[options.Size];
        long began = Stopwatch.GetTimestamp();
        long sent = 0;
        long acknowledged = 0;
        while (Stopwatch.GetElapsedTime(began).TotalSeconds < options.Seconds)
        {
            for (; sent - acknowledged < options.Burst; sent++)
            {
                BinaryPrimitives.WriteInt64LittleEndian(payload, sent);
                socket.Send(payload);
            }

            socket.Receive(answer);
            acknowledged = BinaryPrimitives.ReadInt64LittleEndian(answer);
        }

        BinaryPrimitives.WriteInt64LittleEndian(payload, Last);
        socket.Send(payload);
        do
            socket.Receive(answer);
        while (BinaryPrimitives.ReadInt64LittleEndian(answer.AsSpan(8)) < 0);
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        long received = BinaryPrimitives.ReadInt64LittleEndian(answer);
        return (received, sent - received, BinaryPrimitives.ReadInt64LittleEndian(answer.AsSpan(8)), seconds);
    }

    internal static void Receive(BenchOptions options)
    {
        using MemifInterface memif = MemifInterface.OpenAsync($"Socket={options.Socket};Address=192.0.2.2/24").GetAwaiter().GetResult();
        using MemifDatagramSocket socket = Open(memif);
        socket.Connect(new IPEndPoint(IPAddress.Parse("192.0.2.1"), Port));
        Answer(socket, 0, -1);
        byte[] payload = new byte[65536];
        int step = Math.Max(1, options.Burst / 4);
        long received = 0;
        long wrong = 0;
        while (true)
        {
            socket.Receive(payload);
            long number = BinaryPrimitives.ReadInt64LittleEndian(payload);
            if (number == Last)
                break;
            if (number != received++)
                wrong++;
            if (received % step == 0)
                Answer(socket, received, -1);
        }

        Answer(socket, received, wrong);
        // The sender leaves when it has read the answer.
        while (memif.State == MemifInterfaceState.Up)
            Thread.Yield();
    }

    // The numbers that arrived, and, in the last answer, how many of them were wrong; −1 before.
    private static void Answer(MemifDatagramSocket socket, long received, long wrong)
    {
        Span<byte> answer = stackalloc byte[AnswerBytes];
        BinaryPrimitives.WriteInt64LittleEndian(answer, received);
        BinaryPrimitives.WriteInt64LittleEndian(answer[8..], wrong);
        socket.Send(answer);
    }

    private static MemifDatagramSocket Open(MemifInterface memif)
    {
        var socket = new MemifDatagramSocket(memif, AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 10_000 };
        socket.Bind(new IPEndPoint(IPAddress.Any, Port));
        return socket;
    }
}
