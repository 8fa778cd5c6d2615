using System.Buffers.Binary;

namespace ZMemif.Udp.Differential.Memif;

/// <summary>The other end of the link, 192.0.2.1 and everybody else: answers every ARP request, takes every packet, and says what it is told to.</summary>
internal sealed class Station : IDisposable
{
    private const int EthernetHeader = 14;
    private const int ArpPacket = 28;
    private const int Ipv4Header = 20;

    private static readonly byte[] s_mac = [2, 0, 0, 0, 0, 1];
    private static readonly byte[] s_address = [192, 0, 2, 1];

    /// <summary>Time-outs of the probes are half as long.</summary>
    private static readonly TimeSpan s_slow = TimeSpan.FromMilliseconds(400);

    private readonly MemifSocket _socket;
    private readonly MemifPort _port;
    private readonly Lock _sending = new();
    private readonly Thread _thread;
    private readonly ManualResetEventSlim _isFast = new(initialState: true);
    private readonly ManualResetEventSlim _hasTakenAll = new();
    private volatile bool _isOver;

    internal Station(string address)
    {
        _socket = new MemifSocket(address);
        _port = _socket.AddPort(new MemifPortOptions { Role = MemifRole.Server });
        _socket.Start();
        _thread = new Thread(Live) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>Rests before each packet that it takes, from now on.</summary>
    internal void BeSlow() => _isFast.Reset();

    /// <summary>Takes all that is there, and whatever comes.</summary>
    internal void TakeAll()
    {
        _isFast.Set();
        _hasTakenAll.Reset();
        _port.RxQueues[0].Wake();
        _hasTakenAll.Wait();
    }

    /// <summary>Sends a packet to the host under test.</summary>
    internal void Send(ProtocolType protocol, byte[] payload, MemifInterface to)
    {
        byte[] frame = new byte[EthernetHeader + Ipv4Header + payload.Length];
        to.Mac.GetAddressBytes().CopyTo(frame, 0);
        s_mac.CopyTo(frame, 6);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), 0x0800);
        Span<byte> header = frame.AsSpan(EthernetHeader, Ipv4Header);
        header[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], (ushort)(Ipv4Header + payload.Length));
        (header[8], header[9]) = (64, (byte)protocol);
        s_address.CopyTo(header[12..]);
        to.Address.TryWriteBytes(header[16..], out _);
        BinaryPrimitives.WriteUInt16BigEndian(header[10..], Checksum(header));
        payload.CopyTo(frame, EthernetHeader + Ipv4Header);
        Send(frame);
    }

    public void Dispose()
    {
        _isOver = true;
        _isFast.Set();
        _port.RxQueues[0].Wake();
        _thread.Join();
        _socket.Dispose();
        _isFast.Dispose();
        _hasTakenAll.Dispose();
    }

    private void Live()
    {
        MemifRxQueue queue = _port.RxQueues[0];
        byte[] frame = new byte[65_536];
        while (!_isOver)
        {
            queue.Wait(TimeSpan.FromSeconds(1));
            _isFast.Wait(s_slow);
            while (queue.TryReceive(frame, out int length))
            {
                if (length >= EthernetHeader + ArpPacket && frame[12] == 8 && frame[13] == 6 && frame[21] == 1)
                    AnswerArp(frame);
                _isFast.Wait(s_slow);
            }

            _hasTakenAll.Set();
        }
    }

    private void AnswerArp(byte[] request)
    {
        byte[] answer = request[..(EthernetHeader + ArpPacket)];
        request.AsSpan(6, 6).CopyTo(answer);
        s_mac.CopyTo(answer, 6);
        answer[21] = 2;
        s_mac.CopyTo(answer, 22);
        request.AsSpan(38, 4).CopyTo(answer.AsSpan(28)); // whoever was asked for
        request.AsSpan(22, 10).CopyTo(answer.AsSpan(32));
        bool isAnnouncement = request.AsSpan(28, 4).SequenceEqual(request.AsSpan(38, 4));
        if (!isAnnouncement)
            Send(answer);
    }

    private void Send(byte[] frame)
    {
        lock (_sending)
            _port.TxQueues[0].TrySend(frame);
    }

    private static ushort Checksum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (int i = 0; i < bytes.Length; i += 2)
            sum += BinaryPrimitives.ReadUInt16BigEndian(bytes[i..]);
        while (sum > ushort.MaxValue)
            sum = (sum & ushort.MaxValue) + (sum >> 16);
        return (ushort)~sum;
    }
}
