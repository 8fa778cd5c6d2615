using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ZMemif.Udp.Programs;

/// <summary>A line-based service on a thread of its own: receive, answer, until somebody says good-bye.</summary>
internal sealed class BlockingServer : ICensusProgram
{
    public void Serve(Stage stage)
    {
        using var udp = new UdpClient(0);
        stage.Open(((IPEndPoint)udp.Client.LocalEndPoint!).Port);
        var sender = new IPEndPoint(IPAddress.Any, 0);
        string line;
        do
        {
            byte[] data = udp.Receive(ref sender);
            line = Encoding.ASCII.GetString(data);
            stage.Say($"heard {data.Length} bytes: {line}");
            byte[] answer = Encoding.ASCII.GetBytes(line.ToUpperInvariant());
            udp.Send(answer, answer.Length, sender);
        }
        while (line != "bye");
    }

    public void Use(Stage stage)
    {
        using var udp = new UdpClient();
        foreach (string line in new[] { "hello", "", "a line that is longer than the others", "bye" })
        {
            byte[] question = Encoding.ASCII.GetBytes(line);
            stage.Say($"sent {udp.Send(question, question.Length, stage.Server)}");
            IPEndPoint? from = null;
            stage.Say($"answered {Encoding.ASCII.GetString(udp.Receive(ref from))} by the server: {from.Equals(stage.Server)}");
        }
    }
}
