using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ZMemif.Udp;

namespace Echo;

/// <summary>
/// Sends numbered datagrams with a window, checks every byte of every answer, and reports what came of it.
/// </summary>
internal sealed class EchoClient(MemifInterface memifInterface, IPEndPoint server, int count, int window)
{
    private const int SmallestPayload = 16;
    private const int LargestPayload = 1472;
    private const int Patience = 2000; // ms without any answer, after which what is on its way is lost

    private readonly byte[] _payload = new byte[LargestPayload];
    private readonly byte[] _expected = new byte[LargestPayload];
    private readonly bool[] _answered = new bool[count];
    private readonly List<long> _roundTrips = new(count);
    private int _sent;
    private int _received;
    private int _corrupted;
    private int _duplicated;

    // The first datagram that is not given up, and how many are on their way from there on.
    private int _oldest;
    private int _onTheWay;

    internal int Run()
    {
        using var client = new MemifUdpClient(memifInterface);
        client.Client.ReceiveTimeout = Patience;
        client.Connect(server);
        MemifInterfaceStatistics before = memifInterface.Statistics;
        long began = Stopwatch.GetTimestamp();
        long reported = began;

        for (bool isSilent = false; _sent < count || _onTheWay > 0;)
        {
            if (_sent < count && _onTheWay < window)
                Send(client);
            else if (TryReceive(client))
                isSilent = false;
            else if (isSilent)
                break;
            else
            {
                isSilent = true;
                GiveUp(_sent);
            }

            if (Stopwatch.GetElapsedTime(reported) > TimeSpan.FromSeconds(1))
            {
                reported = Stopwatch.GetTimestamp();
                Console.WriteLine($"sent {_sent:N0}, back {_received:N0}, {_received / Stopwatch.GetElapsedTime(began).TotalSeconds:N0} datagrams/s");
            }
        }

        return Report(Stopwatch.GetElapsedTime(began), before, memifInterface.Statistics);
    }

    private void Send(MemifUdpClient client)
    {
        Span<byte> payload = Fill(_payload, _sent);
        BinaryPrimitives.WriteInt64LittleEndian(payload[8..], Stopwatch.GetTimestamp());
        client.Send(payload);
        _sent++;
        _onTheWay++;
    }

    private void GiveUp(int before)
    {
        for (; _oldest < before; _oldest++)
        {
            if (!_answered[_oldest])
                _onTheWay--;
        }
    }

    private bool TryReceive(MemifUdpClient client)
    {
        try
        {
            IPEndPoint? sender = null;
            Check(client.Receive(ref sender));
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.TimedOut)
        {
            return false;
        }
    }

    private void Check(ReadOnlySpan<byte> answer)
    {
        long now = Stopwatch.GetTimestamp();
        int number = answer.Length < SmallestPayload ? -1 : (int)BinaryPrimitives.ReadInt64LittleEndian(answer);
        if (number < 0 || number >= _sent || !IsIntact(answer, number))
            _corrupted++;
        else if (_answered[number])
            _duplicated++;
        else
            Accept(number, now - BinaryPrimitives.ReadInt64LittleEndian(answer[8..]));
    }

    private void Accept(int number, long roundTrip)
    {
        _answered[number] = true;
        _received++;
        _roundTrips.Add(roundTrip);
        if (number >= _oldest)
            _onTheWay--;

        // What was sent so long before is lost, and must not keep its place in the window.
        GiveUp(number - window);
    }

    private bool IsIntact(ReadOnlySpan<byte> answer, int number)
    {
        Span<byte> expected = Fill(_expected, number);
        answer[8..16].CopyTo(expected[8..]); // the time stamp
        return answer.SequenceEqual(expected);
    }

    // The number, room for a time stamp, and bytes that depend on the number and the place; sizes run through the range.
    private static Span<byte> Fill(byte[] buffer, int number)
    {
        Span<byte> payload = buffer.AsSpan(0, SmallestPayload + (int)(number * 31L % (LargestPayload - SmallestPayload + 1)));
        BinaryPrimitives.WriteInt64LittleEndian(payload, number);
        for (int i = SmallestPayload; i < payload.Length; i++)
            payload[i] = (byte)(number + i);
        return payload;
    }

    private int Report(TimeSpan elapsed, MemifInterfaceStatistics before, MemifInterfaceStatistics after)
    {
        long framesOut = after.RingFramesTransmitted - before.RingFramesTransmitted;
        long framesIn = after.RingFramesReceived - before.RingFramesReceived;
        int lost = _sent - _received - _corrupted;
        bool overTheRing = framesOut + after.FaultsOnTransmit.Lost >= _sent && framesIn + after.FaultsOnReceive.Duplicated >= _received;
        _roundTrips.Sort();
        Console.WriteLine($"datagrams   sent {_sent:N0}, back {_received:N0}, lost {lost:N0}, corrupted {_corrupted:N0}, twice {_duplicated:N0}");
        Console.WriteLine($"ring frames out {framesOut:N0}, in {framesIn:N0}{(overTheRing ? "" : "  FEWER THAN DATAGRAMS")}");
        Console.WriteLine($"rate        {_received / elapsed.TotalSeconds:N0} datagrams/s in {elapsed.TotalSeconds:N2} s, window {window}");
        Console.WriteLine($"round trip  p50 {Percentile(0.5):N1} µs, p90 {Percentile(0.9):N1} µs, p99 {Percentile(0.99):N1} µs, max {Percentile(1):N1} µs");
        return lost == 0 && _corrupted == 0 && _duplicated == 0 && _sent == count && overTheRing ? 0 : 1;
    }

    private double Percentile(double share) => _roundTrips.Count == 0
        ? double.NaN
        : Stopwatch.GetElapsedTime(0, _roundTrips[(int)Math.Ceiling(share * _roundTrips.Count) - 1]).TotalMicroseconds;
}
