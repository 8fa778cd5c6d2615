using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp.Programs;

/// <summary>The main loop of a simulation: in each frame everything that has come, and nothing is waited for.</summary>
internal sealed class AvailableDrain : ICensusProgram
{
    private const int Datagrams = 100;

    public void Serve(Stage stage)
    {
        using var udp = new UdpClient(0);
        udp.Client.Blocking = false;
        stage.Open(((IPEndPoint)udp.Client.LocalEndPoint!).Port);
        int count = 0, sum = 0;
        IPEndPoint? sender = null;
        while (count < Datagrams)
        {
            while (udp.Available > 0)
            {
                byte[] data = udp.Receive(ref sender);
                count++;
                sum += data[0];
            }

            udp.Client.Poll(1000, SelectMode.SelectRead);
        }

        stage.Say($"{count} datagrams, sum {sum}, {udp.Available} bytes left");
        try
        {
            udp.Receive(ref sender);
        }
        catch (SocketException e)
        {
            stage.Say($"nothing there: {e.SocketErrorCode}");
        }

        udp.Send([1], 1, sender);
    }

    public void Use(Stage stage)
    {
        using var udp = new UdpClient();
        for (int i = 0; i < Datagrams; i++)
            udp.Send([(byte)i], 1, stage.Server);
        IPEndPoint? from = null;
        stage.Say($"the end is {udp.Receive(ref from)[0]}");
    }
}
