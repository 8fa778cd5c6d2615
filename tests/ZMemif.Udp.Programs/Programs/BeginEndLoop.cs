using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp.Programs;

/// <summary>A listener of the older kind: each callback ends one receive and begins the next.</summary>
internal sealed class BeginEndLoop : ICensusProgram
{
    private const int Datagrams = 200;

    private readonly ManualResetEventSlim _done = new();
    private int _count;
    private int _sum;

    public void Serve(Stage stage)
    {
        var udp = new UdpClient(new IPEndPoint(IPAddress.Any, 0));
        stage.Open(((IPEndPoint)udp.Client.LocalEndPoint!).Port);
        udp.BeginReceive(OnReceived, udp);
        _done.Wait();
        udp.Close();
        stage.Say($"{_count} datagrams, sum {_sum}");
    }

    public void Use(Stage stage)
    {
        using var udp = new UdpClient();
        for (int i = 0; i < Datagrams; i++)
        {
            IAsyncResult sending = udp.BeginSend([(byte)i], 1, stage.Server, null, i);
            if (udp.EndSend(sending) != 1 || (int)sending.AsyncState! != i)
                stage.Say($"datagram {i} was not sent");

            // As many on their way as any buffer holds.
            IPEndPoint? from = null;
            if (udp.Receive(ref from) is not [byte answer] || answer != (byte)i)
                stage.Say($"datagram {i} was not acknowledged");
        }

        stage.Say("all acknowledged");
    }

    private void OnReceived(IAsyncResult result)
    {
        var udp = (UdpClient)result.AsyncState!;
        IPEndPoint? sender = null;
        byte[] data = udp.EndReceive(result, ref sender);
        udp.Send(data, data.Length, sender);
        _sum += data[0];
        if (++_count == Datagrams)
            _done.Set();
        else
            udp.BeginReceive(OnReceived, udp);
    }
}
