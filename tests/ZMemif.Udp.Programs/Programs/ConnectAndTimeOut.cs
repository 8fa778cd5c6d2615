using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp.Programs;

/// <summary>A client as of SNMP or Modbus: connects, asks, waits so long, and asks again; the first question is ignored.</summary>
internal sealed class ConnectAndTimeOut : ICensusProgram
{
    public void Serve(Stage stage)
    {
        using var udp = new UdpClient(new IPEndPoint(stage.Host, 0));
        stage.Open(((IPEndPoint)udp.Client.LocalEndPoint!).Port);
        var sender = new IPEndPoint(IPAddress.Any, 0);
        byte[] ignored = udp.Receive(ref sender);
        byte[] question = udp.Receive(ref sender);
        stage.Say($"ignored try {ignored[0]}, answered try {question[0]}");
        udp.Send([42], 1, sender);
    }

    public void Use(Stage stage)
    {
        using var udp = new UdpClient();
        udp.Client.ReceiveTimeout = 100;
        udp.Connect(stage.Server);
        stage.Say($"connected: {udp.Client.Connected}, to the server: {stage.Server.Equals(udp.Client.RemoteEndPoint)}");
        for (byte i = 1; ; i++)
        {
            udp.Send([i], 1);
            try
            {
                IPEndPoint? from = null;
                stage.Say($"try {i}: {udp.Receive(ref from)[0]}");
                return;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.TimedOut && i < 5)
            {
                stage.Say($"try {i}: {e.SocketErrorCode} {e.NativeErrorCode}");

                // The second try has to reach a server that is still busy with the first, on any machine.
                udp.Client.ReceiveTimeout = 20_000;
            }
        }
    }
}
