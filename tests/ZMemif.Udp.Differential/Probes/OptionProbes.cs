using System.Text;

namespace ZMemif.Udp.Differential;

/// <summary>The other forms of options, raw options, and <c>IOControl</c>: I-052 to I-083.</summary>
internal static class OptionProbes
{
    private const int SolSocket = 1;
    private const int SolUdp = 17;

    private static readonly byte[] s_one = BitConverter.GetBytes(1);

    public static Probe[] Rows { get; } =
    [
        new("I-052", "GetSocketOption(Socket,Linger,byte[4])", b => Try(() =>
        {
            byte[] linger = new byte[8];
            b.Fresh().GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Linger, linger);
            return linger;
        })),
        new("I-053", "GetSocketOption(Socket,ReceiveBuffer,len 4)",
            b => Try(() => BitConverter.ToInt32(b.Fresh().GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReceiveBuffer, 4)))),
        new("I-054", "GetSocketOption(Socket,ReceiveBuffer,byte[2])", b => Try(() =>
        {
            byte[] half = new byte[2];
            b.Fresh().GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReceiveBuffer, half);
            return half;
        })),
        new("I-055", "GetSocketOption(IP,MulticastInterface,byte[4])", b => Try(() =>
        {
            byte[] address = new byte[4];
            b.Fresh().GetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, address);
            return new IPAddress(address).ToString();
        })),
        new("I-056", "SetSocketOption(bool)",
            b => Set(b, SocketOptionName.Broadcast, (s, name) => s.SetSocketOption(SocketOptionLevel.Socket, name, true))),
        new("I-057", "SetSocketOption(byte[])",
            b => Set(b, SocketOptionName.ReceiveBuffer, (s, name) => s.SetSocketOption(SocketOptionLevel.Socket, name, BitConverter.GetBytes(8192)))),
        new("I-058", "SetSocketOption(object null)",
            b => Set(b, SocketOptionName.Linger, (s, name) => s.SetSocketOption(SocketOptionLevel.Socket, name, (object)null!))),
        new("I-059", "SetSocketOption(object LingerOption)", b => Try(() =>
        {
            Socket socket = b.Fresh();
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Linger, new LingerOption(true, 5));
            return socket.LingerState!.LingerTime;
        })),
        new("I-060", "SetSocketOption(NoDelay,object)",
            b => Try(() => b.Fresh().SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.NoDelay, new object()))),
        new("I-061", "SetSocketOption(level -1)", b => Try(() => b.Fresh().SetSocketOption((SocketOptionLevel)(-1), SocketOptionName.Debug, 1))),
        new("I-062", "GetSocketOption(level -1)", b => Try(() => b.Fresh().GetSocketOption((SocketOptionLevel)(-1), SocketOptionName.Debug))),
        new("I-063", "SetRawSocketOption(SOL_SOCKET,SO_RCVBUF)", b => SetRaw(b, SolSocket, 8, BitConverter.GetBytes(8192), s => s.ReceiveBufferSize)),
        new("I-064", "SetRawSocketOption(SO_RCVBUFFORCE 33)",
            b => SetRaw(b, SolSocket, 33, BitConverter.GetBytes(20_000_000), s => s.ReceiveBufferSize)),
        new("I-065", "SetRawSocketOption(SO_REUSEPORT 15)", b => SetRaw(b, SolSocket, 15, s_one, s =>
        {
            byte[] value = new byte[4];
            return $"{s.GetRawSocketOption(SolSocket, 15, value)}/{BitConverter.ToInt32(value)}";
        })),
        new("I-066", "SetRawSocketOption(SO_BINDTODEVICE 25,\"lo\")", b => SetRaw(b, SolSocket, 25, Encoding.ASCII.GetBytes("lo"))),
        new("I-067", "SetRawSocketOption(SO_BINDTODEVICE,\"nope\")", b => SetRaw(b, SolSocket, 25, Encoding.ASCII.GetBytes("nope"))),
        new("I-068", "SetRawSocketOption(UDP_SEGMENT 17,103)", b => SetRaw(b, SolUdp, 103, BitConverter.GetBytes(1000))),
        new("I-069", "SetRawSocketOption(UDP_GRO 17,104)", b => SetRaw(b, SolUdp, 104, s_one)),
        new("I-070", "SetRawSocketOption(SO_TIMESTAMPNS 35)", b => SetRaw(b, SolSocket, 35, s_one)),
        new("I-071", "SetRawSocketOption(IP_TOS 0,1)", b => SetRaw(b, 0, 1, BitConverter.GetBytes(0xb8), s =>
        {
            byte[] value = new byte[4];
            s.GetRawSocketOption(0, 1, value);
            return BitConverter.ToInt32(value);
        })),
        new("I-072", "SetRawSocketOption(IP_RECVERR 0,11)", b => SetRaw(b, 0, 11, s_one)),
        new("I-073", "IP_RECVERR=1 unconnected SendTo closed port", b =>
        {
            Socket socket = b.Fresh();
            socket.SetRawSocketOption(0, 11, s_one);
            IPEndPoint closed = b.ClosedPort();
            return $"{Try(() => socket.SendTo(Bytes(1), closed))} ; {Try(() => socket.SendTo(Bytes(1), closed))}";
        }),
        new("I-074", "GetRawSocketOption bogus", b => Try(() => b.Fresh().GetRawSocketOption(77, 77, new byte[4]))),
        new("I-075", "IOControl(DataToRead)", b => Control(b, IOControlCode.DataToRead, new byte[4])),
        new("I-076", "IOControl(NonBlockingIO)", b => Control(b, IOControlCode.NonBlockingIO, new byte[4])),
        new("I-077", "IOControl(OobDataRead)", b => Control(b, IOControlCode.OobDataRead, new byte[4])),
        new("I-078", "IOControl(KeepAliveValues)", b => Control(b, IOControlCode.KeepAliveValues, new byte[4])),
        new("I-079", "IOControl(ReceiveAll)", b => Control(b, IOControlCode.ReceiveAll, new byte[4])),
        new("I-080", "IOControl(-1744830452 = SIO_UDP_CONNRESET)", b => Try(() => b.Bound().IOControl(-1744830452, new byte[4], null))),
        new("I-081", "IOControl(FIONREAD 0x541B raw)", b => Try(() => b.Bound().IOControl(0x541B, null, new byte[4]))),
        new("I-082", "IOControl(DataToRead, out null)", b => Control(b, IOControlCode.DataToRead, null)),
        new("I-083", "IOControl(DataToRead, out byte[2])", b => Control(b, IOControlCode.DataToRead, new byte[2])),
    ];

    private static string Set(Bench b, SocketOptionName name, Action<Socket, SocketOptionName> set) => Try(() =>
    {
        Socket socket = b.Fresh();
        set(socket, name);
        return socket.GetSocketOption(SocketOptionLevel.Socket, name);
    });

    private static string SetRaw(Bench b, int level, int name, byte[] value, Func<Socket, object?>? get = null) => Try(() =>
    {
        Socket socket = b.Fresh();
        socket.SetRawSocketOption(level, name, value);
        return get is null ? "ok" : get(socket);
    });

    private static string Control(Bench b, IOControlCode code, byte[]? output) => Try(() => b.Bound().IOControl(code, null, output));
}
