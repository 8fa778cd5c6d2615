using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ZMemif.Udp.Programs;

/// <summary>A discovery service: two listeners share the well-known port, and both hear what is said to the group.</summary>
internal sealed class MulticastOnASharedPort : ICensusProgram
{
    private static readonly IPAddress s_group = IPAddress.Parse("239.11.22.33");

    public void Serve(Stage stage)
    {
        using UdpClient first = Listen(stage, 0);
        int port = ((IPEndPoint)first.Client.LocalEndPoint!).Port;
        using UdpClient second = Listen(stage, port);
        stage.Open(port);
        for (int i = 0; i < 3; i++)
        {
            stage.Say($"first: {Next(first)}");
            stage.Say($"second: {Next(second)}");
        }

        first.Client.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.DropMembership, new MulticastOption(s_group, stage.Host));
        stage.Say($"first has {first.Available}, second has {second.Available}");
    }

    public void Use(Stage stage)
    {
        using var udp = new UdpClient(AddressFamily.InterNetwork);
        IPAddress own = stage.Host;
        if (Equals(own, IPAddress.Loopback))
            udp.Client.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, own.GetAddressBytes());
        udp.Client.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastTimeToLive, 1);
        udp.MulticastLoopback = true;
        var group = new IPEndPoint(s_group, stage.Server.Port);
        foreach (string word in new[] { "who", "is", "there" })
        {
            byte[] bytes = Encoding.ASCII.GetBytes(word);
            stage.Say($"{word}: {udp.Send(bytes, bytes.Length, group)} bytes");
        }
    }

    private static UdpClient Listen(Stage stage, int port)
    {
        var udp = new UdpClient();
        udp.Client.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        udp.ExclusiveAddressUse = false;
        udp.Client.Bind(new IPEndPoint(IPAddress.Any, port));
        udp.JoinMulticastGroup(s_group, stage.Host);
        return udp;
    }

    private static string Next(UdpClient udp)
    {
        IPEndPoint? from = null;
        return Encoding.ASCII.GetString(udp.Receive(ref from));
    }
}
