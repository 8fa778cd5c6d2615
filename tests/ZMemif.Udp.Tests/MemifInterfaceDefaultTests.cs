using System.Net;

namespace ZMemif.Udp.Tests;

/// <summary>The ambient interface; each test has a process of its own.</summary>
public sealed class MemifInterfaceDefaultTests
{
    private const string Loopback = "Loopback=true;Address=192.0.2.2/24";

    [Fact]
    public Task Default_NothingConfigured_SaysWhatToSetWithAnExampleThatWorks() => WithVariableAsync(null, () =>
    {
        InvalidOperationException refusal = Assert.Throws<InvalidOperationException>(() => new MemifUdpClient());

        Assert.Contains("environment variable ZMEMIF_CONNECTION", refusal.Message, StringComparison.Ordinal);
        string[] examples = [.. refusal.Message.Split('"').Where(part => part.Contains("Address=", StringComparison.Ordinal))];
        Assert.Equal(2, examples.Length);
        Assert.All(examples, example => MemifInterfaceOptions.Parse(example).Validate());
        Assert.Throws<InvalidOperationException>(() => MemifInterface.Default);
    });

    [Fact]
    public Task Default_BlankVariable_CountsAsNone() => WithVariableAsync("  ", () =>
        Assert.Contains("ZMEMIF_CONNECTION", Assert.Throws<InvalidOperationException>(() => MemifInterface.Default).Message, StringComparison.Ordinal));

    [Fact]
    public Task Default_WrongKey_NamesIt() => WithVariableAsync("Sokcet=/run/memif.sock;Address=192.0.2.2/24", () =>
        Assert.Contains("Sokcet", Assert.Throws<ArgumentException>(() => new MemifUdpClient(0)).Message, StringComparison.Ordinal));

    [Fact]
    public Task Default_WrongValue_NamesItsKey() => WithVariableAsync("Loopback=true;Address=192.0.2.2/99", () =>
        Assert.Contains("Address", Assert.Throws<ArgumentException>(() => new MemifUdpClient(0)).Message, StringComparison.Ordinal));

    [Fact]
    public Task Default_VariableSet_OpensOnceForAllConstructors() => WithVariableAsync(Loopback, () =>
    {
        using var receiver = new MemifUdpClient(new IPEndPoint(IPAddress.Parse("192.0.2.2"), 0));
        using var sender = new MemifUdpClient();
        var to = (IPEndPoint)receiver.Client.LocalEndPoint!;

        sender.Send("ambient"u8, to);

        IPEndPoint? from = null;
        Assert.Equal("ambient"u8, receiver.Receive(ref from));
        Assert.Same(MemifInterface.Default, MemifInterface.Default);
        Assert.Equal(1, MemifInterface.Default.Statistics.DatagramsLooped);
    });

    [Fact]
    public Task Default_Assigned_WinsOverTheVariable() => WithVariableAsync("Sokcet=never read", () =>
    {
        Assert.Throws<ArgumentNullException>("value", () => MemifInterface.Default = null!);
        using MemifInterface mine = MemifInterface.OpenAsync("Loopback=true;Address=198.51.100.1/24").GetAwaiter().GetResult();

        MemifInterface.Default = mine;

        Assert.Same(mine, MemifInterface.Default);
        using var client = new MemifUdpClient(new IPEndPoint(IPAddress.Parse("198.51.100.1"), 7));
    });

    [Fact]
    public Task Default_FailedBefore_CanBeAssignedStill() => WithVariableAsync(null, () =>
    {
        Assert.Throws<InvalidOperationException>(() => MemifInterface.Default);
        using MemifInterface mine = MemifInterface.OpenAsync(Loopback).GetAwaiter().GetResult();

        MemifInterface.Default = mine;

        using var client = new MemifUdpClient(0);
        Assert.True(client.Client.IsBound);
    });

    private static Task WithVariableAsync(string? value, Action body, [System.Runtime.CompilerServices.CallerMemberName] string test = "") =>
        IsolatedProcess.RunAsync(typeof(MemifInterfaceDefaultTests), MemifInterface.ConnectionVariable, value, body, test);
}
