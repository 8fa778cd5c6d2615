using System.Net;
using System.Net.Sockets;

namespace KernelUdp;

/// <summary>Sends every datagram back to where it came from, until the process is ended.</summary>
internal static class EchoServer
{
    public static void Run(IPEndPoint local)
    {
        using var socket = new UdpClient(local);
        Console.WriteLine($"ready {local}");
        while (true)
        {
            var sender = new IPEndPoint(IPAddress.Any, 0);
            socket.Send(socket.Receive(ref sender), sender);
        }
    }
}
