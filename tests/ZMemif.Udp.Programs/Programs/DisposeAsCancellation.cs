using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp.Programs;

/// <summary>Services of before there were tokens: to stop, somebody closes what is being received on.</summary>
internal sealed class DisposeAsCancellation : ICensusProgram
{
    public void Serve(Stage stage)
    {
        var blocking = new UdpClient(0);
        var awaiting = new UdpClient(0);
        stage.Open(((IPEndPoint)blocking.Client.LocalEndPoint!).Port);
        using var heard = new ManualResetEventSlim();
        var thread = new Thread(() => Listen(blocking, heard, stage));
        thread.Start();
        heard.Wait();
        blocking.Close();
        thread.Join();

        Task<string> loop = ListenAsync(awaiting);
        awaiting.Dispose();
        stage.Say($"awaiting: {loop.GetAwaiter().GetResult()}");
        blocking.Close();
        awaiting.Dispose();
        stage.Say("closed twice");
    }

    public void Use(Stage stage)
    {
        var udp = new UdpClient();
        udp.Send([1], 1, stage.Server);
        udp.Dispose();
        try
        {
            udp.Send([1], 1, stage.Server);
        }
        catch (ObjectDisposedException)
        {
            stage.Say("disposed");
        }
    }

    private static void Listen(UdpClient udp, ManualResetEventSlim heard, Stage stage)
    {
        try
        {
            IPEndPoint? sender = null;

            // The kernel's may end a receive with nothing when it is closed.
            while (udp.Receive(ref sender) is { Length: > 0 } data)
            {
                stage.Say($"blocking: heard {data.Length}");
                heard.Set();
            }
        }
        catch (Exception e) when (e is SocketException { SocketErrorCode: SocketError.Interrupted } or ObjectDisposedException or NullReferenceException)
        {
            // Closed in a receive, before the next, or in the middle of one.
        }

        stage.Say("blocking: stopped");
    }

    private static async Task<string> ListenAsync(UdpClient udp)
    {
        try
        {
            UdpReceiveResult received = await udp.ReceiveAsync();
            return $"heard {received.Buffer.Length}";
        }
        catch (SocketException e)
        {
            return $"stopped by {e.SocketErrorCode}";
        }
    }
}
