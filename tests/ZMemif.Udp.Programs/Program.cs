using System.Globalization;
using System.Net;
using System.Reflection;

namespace ZMemif.Udp.Programs;

/// <summary>Runs a program of the census: both parts in this process, or one of them.</summary>
internal static class Program
{
    private const string Usage = """
        usage: both   NAME ADDRESS         both parts, with the server at ADDRESS
               server NAME ADDRESS         the server; writes "ready PORT"
               client NAME ADDRESS PORT    the client of such a server
        """;

    private static int Main(string[] args)
    {
        if (args is not [string mode, string name, string address, ..] || Find(name) is not { } program)
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        var host = IPAddress.Parse(address);
        switch (mode, args.Length)
        {
            case ("both", 3):
                RunBoth(program, host);
                return 0;
            case ("server", 3):
                RunServer(program, host);
                return 0;
            case ("client", 4):
                RunClient(program, host, int.Parse(args[3], CultureInfo.InvariantCulture));
                return 0;
            default:
                Console.Error.WriteLine(Usage);
                return 2;
        }
    }

    private static void RunBoth(ICensusProgram program, IPAddress host)
    {
        (Stage forServer, Stage forClient) = (new Stage(host), new Stage(host));
        Task<int> serving = Task.Factory.StartNew(
            () =>
            {
                program.Serve(forServer);
                return 0;
            },
            TaskCreationOptions.LongRunning);
        Task ready = Task.Factory.StartNew(() => forClient.Open(forServer.Server.Port), TaskCreationOptions.LongRunning);

        // A server that fails before it is ready is not waited for.
        Task.WhenAny(ready, serving).Unwrap().GetAwaiter().GetResult();
        program.Use(forClient);
        serving.GetAwaiter().GetResult();
        Console.Write(forServer.Said + forClient.Said);
    }

    private static void RunServer(ICensusProgram program, IPAddress host)
    {
        var stage = new Stage(host);
        Task.Factory.StartNew(() => Console.WriteLine($"ready {stage.Server.Port}"), TaskCreationOptions.LongRunning);
        program.Serve(stage);
        Console.Write(stage.Said);
    }

    private static void RunClient(ICensusProgram program, IPAddress host, int port)
    {
        var stage = new Stage(host);
        stage.Open(port);
        program.Use(stage);
        Console.Write(stage.Said);
    }

    private static ICensusProgram? Find(string name) =>
        Assembly.GetExecutingAssembly().GetTypes().FirstOrDefault(type => type.Name == name && typeof(ICensusProgram).IsAssignableFrom(type)) is { } found
            ? (ICensusProgram?)Activator.CreateInstance(found)
            : null;
}
