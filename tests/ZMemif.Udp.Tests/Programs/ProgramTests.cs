namespace ZMemif.Udp.Tests.Programs;

/// <summary>
/// Programs as people write them, from one source: what they say on the kernel's sockets, they say on ours, inside one process and
/// as two with a memif between them.
/// </summary>
public sealed class ProgramTests
{
    private const string Loopback = "127.0.0.1";
    private const string Own = "198.18.0.1";

    public static TheoryData<string> Names { get; } =
    [
        "BlockingServer", "BeginEndLoop", "AsyncServer", "MulticastOnASharedPort", "ConnectAndTimeOut",
        "SocketPerQuery", "EventArgsLoop", "AvailableDrain", "SubclassedSocket", "DisposeAsCancellation",
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Program_InOneProcess_SaysWhatItSaysOnTheKernel(string name) =>
        Assert.Equal(await OnTheKernelAsync(name), await RunAsync("Memif", $"Loopback=true;Address={Own}/24", "both", name, Own));

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Program_AcrossAMemif_SaysWhatItSaysOnTheKernel(string name)
    {
        string socket = $"Socket=@zmemif-program-{Guid.NewGuid():N}";
        using var server = ProgramProcess.Start("Memif", $"{socket};Role=Server;Address={Own}/24", "server", name, Own);
        int port = await server.ReadyAsync();
        string client = await RunAsync("Memif", $"{socket};Address=198.18.0.2/24", "client", name, Own, $"{port}");

        Assert.Equal(await OnTheKernelAsync(name), await server.OutcomeAsync() + client);
    }

    private static async Task<string> OnTheKernelAsync(string name)
    {
        string said = await RunAsync("Kernel", null, "both", name, Loopback);
        Assert.NotEmpty(said);
        return said;
    }

    private static async Task<string> RunAsync(string half, string? connection, params IEnumerable<string> arguments)
    {
        using var process = ProgramProcess.Start(half, connection, arguments);
        return await process.OutcomeAsync();
    }
}
