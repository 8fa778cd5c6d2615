using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace KernelUdp;

/// <summary>Sends datagrams of every size that fits one packet and wants each of them back, byte for byte.</summary>
internal static class EchoClient
{
    /// <summary>Payload sizes 0 to 1472: what fits a packet of 1500 bytes behind 28 bytes of headers.</summary>
    private const int Sizes = 1473;

    /// <summary>Has no common divisor with <see cref="Sizes"/>, so that small and large alternate and none is left out.</summary>
    private const int SizeStep = 739;

    private const int Window = 32;
    private const int TimeoutMilliseconds = 3000;

    /// <returns>0 if all <paramref name="count"/> datagrams came back intact, else 1.</returns>
    public static int Run(IPEndPoint server, int count)
    {
        using var socket = new UdpClient(server.AddressFamily);
        socket.Client.ReceiveTimeout = TimeoutMilliseconds;
        socket.Connect(server);

        var clock = Stopwatch.StartNew();
        var outstanding = new List<byte[]>(Window);
        var intact = 0;
        string? fault = null;
        for (var sent = 0; intact < count && fault is null;)
        {
            while (sent < count && outstanding.Count < Window)
            {
                var payload = PayloadOf(sent++);
                outstanding.Add(payload);
                socket.Send(payload);
            }

            fault = ReceiveOne(socket, outstanding);
            intact += fault is null ? 1 : 0;
        }

        fault ??= socket.Available > 0 ? "more came back than was sent" : null;
        Console.WriteLine($"{intact} of {count} datagrams came back intact in {clock.Elapsed.TotalSeconds:F1} s{(fault is null ? "" : $"; {fault}")}");
        return fault is null ? 0 : 1;
    }

    /// <summary>Takes one datagram off the socket and out of <paramref name="outstanding"/>.</summary>
    /// <returns>What is wrong, or null.</returns>
    private static string? ReceiveOne(UdpClient socket, List<byte[]> outstanding)
    {
        byte[] received;
        try
        {
            var sender = new IPEndPoint(IPAddress.Any, 0);
            received = socket.Receive(ref sender);
        }
        catch (SocketException e)
        {
            return $"{outstanding.Count} did not ({e.SocketErrorCode}), first of {outstanding[0].Length} bytes";
        }

        var index = outstanding.FindIndex(payload => payload.AsSpan().SequenceEqual(received));
        if (index < 0)
        {
            return $"{received.Length} bytes came back that are no outstanding datagram";
        }

        outstanding.RemoveAt(index);
        return null;
    }

    /// <summary>Random bytes that depend on the sequence number, led by the number itself where it fits.</summary>
    private static byte[] PayloadOf(int sequence)
    {
        var payload = new byte[(int)((long)sequence * SizeStep % Sizes)];
#pragma warning disable CA5394 // a pattern, not a secret
        new Random(sequence).NextBytes(payload);
#pragma warning restore CA5394
        if (payload.Length >= sizeof(int))
        {
            BitConverter.TryWriteBytes(payload, sequence);
        }

        return payload;
    }
}
