using System.Globalization;
using System.Net;
using KernelUdp;

if (args is ["send", var address, var port, var count])
{
    return EchoClient.Run(Parse(address, port), int.Parse(count, CultureInfo.InvariantCulture));
}

if (args is ["serve", var ownAddress, var ownPort])
{
    EchoServer.Run(Parse(ownAddress, ownPort));
    return 0;
}

Console.Error.WriteLine("usage: KernelUdp send ADDRESS PORT COUNT | serve ADDRESS PORT");
return 2;

static IPEndPoint Parse(string address, string port) =>
    new(IPAddress.Parse(address), int.Parse(port, CultureInfo.InvariantCulture));
