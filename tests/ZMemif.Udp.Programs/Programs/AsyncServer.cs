using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ZMemif.Udp.Programs;

/// <summary>A metrics collector: counts what comes by name, and tells when it is asked.</summary>
internal sealed class AsyncServer : ICensusProgram
{
    public void Serve(Stage stage) => ServeAsync(stage).GetAwaiter().GetResult();

    public void Use(Stage stage) => UseAsync(stage).GetAwaiter().GetResult();

    private static async Task ServeAsync(Stage stage)
    {
        using var udp = new UdpClient(0, AddressFamily.InterNetwork);
        stage.Open(((IPEndPoint)udp.Client.LocalEndPoint!).Port);
        var totals = new SortedDictionary<string, int>();
        while (true)
        {
            UdpReceiveResult received = await udp.ReceiveAsync();
            string[] words = Encoding.ASCII.GetString(received.Buffer).Split(':');
            if (words is ["report"])
            {
                string report = string.Join(' ', totals.Select(total => $"{total.Key}={total.Value}"));
                byte[] bytes = Encoding.ASCII.GetBytes(report);
                await udp.SendAsync(bytes, bytes.Length, received.RemoteEndPoint);
                stage.Say($"reported {report}");
                return;
            }

            totals[words[0]] = totals.GetValueOrDefault(words[0]) + int.Parse(words[1], CultureInfo.InvariantCulture);
            await udp.SendAsync(received.Buffer, 1, received.RemoteEndPoint);
        }
    }

    private static async Task UseAsync(Stage stage)
    {
        using var udp = new UdpClient(AddressFamily.InterNetwork);
        for (int i = 1; i <= 300; i++)
        {
            byte[] metric = Encoding.ASCII.GetBytes($"{(i % 3 == 0 ? "disk" : "cpu")}:{i}");
            await udp.SendAsync(metric, metric.Length, stage.Server);
            UdpReceiveResult taken = await udp.ReceiveAsync();
            if (taken.Buffer.Length != 1)
                stage.Say($"a receipt of {taken.Buffer.Length} bytes");
        }

        await udp.SendAsync("report"u8.ToArray().AsMemory(), stage.Server.Address.ToString(), stage.Server.Port);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        UdpReceiveResult report = await udp.ReceiveAsync(patience.Token);
        stage.Say(Encoding.ASCII.GetString(report.Buffer));
        using var impatience = new CancellationTokenSource(TimeSpan.FromMilliseconds(30));
        try
        {
            await udp.ReceiveAsync(impatience.Token);
        }
        catch (OperationCanceledException e)
        {
            stage.Say($"nothing more: {e.GetType().Name}");
        }
    }
}
