using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp.Programs;

/// <summary>A resolver: each question has a socket of its own, and so a port of its own.</summary>
internal sealed class SocketPerQuery : ICensusProgram
{
    private const int Questions = 100;

    public void Serve(Stage stage)
    {
        using var udp = new UdpClient(0);
        stage.Open(((IPEndPoint)udp.Client.LocalEndPoint!).Port);
        var ports = new HashSet<int>();
        for (int i = 0; i < Questions; i++)
        {
            var sender = new IPEndPoint(IPAddress.Any, 0);
            byte[] question = udp.Receive(ref sender);
            ports.Add(sender.Port);
            question.AsSpan().Reverse();
            udp.Send(question, sender);
        }

        stage.Say($"more than one port: {ports.Count > 1}");
    }

    public void Use(Stage stage)
    {
        int right = 0;
        for (ushort id = 0; id < Questions; id++)
        {
            using var udp = new UdpClient(stage.Host.ToString(), stage.Server.Port);
            udp.Client.ReceiveTimeout = 20_000;
            byte[] question = new byte[2];
            BinaryPrimitives.WriteUInt16BigEndian(question, id);
            udp.Send(question);
            IPEndPoint? from = null;
            right += BinaryPrimitives.ReadUInt16LittleEndian(udp.Receive(ref from)) == id ? 1 : 0;
        }

        stage.Say($"{right} of {Questions} answers are right");
    }
}
