// UDP echo over memif: both ends in one process (--pair), or one end each (--server, --client).
using System.Net;
using Echo;
using Examples;
using ZMemif.Udp;

const string Usage = $"""
    UDP echo over shared memory.

      Echo --pair   [--count 100000] [--window 32]                 both ends in this process, nothing else needed
      Echo --server --connection "Socket=/tmp/echo.sock;Role=Server;Address=192.0.2.1/24" [--port 7000]
      Echo --client --connection "Socket=/tmp/echo.sock;Address=192.0.2.2/24" --to 192.0.2.1 [--port 7000] [--count …] [--window …]

    --count    datagrams to send; their sizes run through 16 to 1472 bytes
    --window   datagrams on their way at most; round trips include the waiting in it
    {InterfaceArguments.Usage}

    Exit code 0: every datagram came back unchanged. 1: something was lost or wrong. 2: it could not be tried.
    """;

var arguments = new Arguments(args);
int port = arguments.Number("--port", 7000);
int count = arguments.Number("--count", 100_000);
int window = arguments.Number("--window", 32);

try
{
    if (arguments.Has("--pair"))
    {
        (MemifInterface first, MemifInterface second) = MemifInterface.CreatePair(arguments.ApplyTo);
        using (first)
        using (second)
        using (EchoServer.Start(first, port))
            return new EchoClient(second, new IPEndPoint(first.Address, port), count, window).Run();
    }

    if (arguments.Has("--server"))
    {
        using MemifInterface served = await arguments.OpenInterfaceAsync(arguments.Text("--connection"));
        return EchoServer.Run(served, port);
    }

    if (arguments.Has("--client"))
    {
        using MemifInterface used = await arguments.OpenInterfaceAsync(arguments.Text("--connection"));
        return new EchoClient(used, new IPEndPoint(IPAddress.Parse(arguments.Text("--to")), port), count, window).Run();
    }
}
catch (Exception e) when (e is ArgumentException or FormatException or ZMemif.MemifException)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}

Console.Error.WriteLine(Usage);
return 2;
