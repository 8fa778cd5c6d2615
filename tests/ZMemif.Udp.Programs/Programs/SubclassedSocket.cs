using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp.Programs;

/// <summary>As libraries for stage lights do: classes of their own, derived from Socket and UdpClient.</summary>
internal sealed class SubclassedSocket : ICensusProgram
{
    public void Serve(Stage stage)
    {
        using var socket = new LightSocket();
        stage.Open(socket.Open());
        stage.Say($"channels {string.Join(' ', socket.ReceiveChannels())}");
        socket.Acknowledge();
    }

    public void Use(Stage stage)
    {
        var console = new LightConsole(stage);
        console.Connect(stage.Server);
        console.Send([7, 200, 255]);
        stage.Say($"active: {console.IsActive}");
        IPEndPoint? from = null;
        stage.Say($"acknowledged: {console.Receive(ref from)[0]}");
        console.Dispose();
    }

    private sealed class LightSocket() : Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp)
    {
        private EndPoint _sender = new IPEndPoint(IPAddress.Any, 0);

        internal int Open()
        {
            SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            EnableBroadcast = true;
            Bind(new IPEndPoint(IPAddress.Any, 0));
            return ((IPEndPoint)LocalEndPoint!).Port;
        }

        internal byte[] ReceiveChannels()
        {
            byte[] buffer = new byte[1500];
            IAsyncResult receiving = BeginReceiveFrom(buffer, 0, buffer.Length, SocketFlags.None, ref _sender, null, null);
            return buffer[..EndReceiveFrom(receiving, ref _sender)];
        }

        internal void Acknowledge() => EndSendTo(BeginSendTo([1], 0, 1, SocketFlags.None, _sender, null, null));
    }

    private sealed class LightConsole(Stage stage) : UdpClient(AddressFamily.InterNetwork)
    {
        internal bool IsActive => Active;

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            stage.Say($"disposed: {disposing}");
        }
    }
}
