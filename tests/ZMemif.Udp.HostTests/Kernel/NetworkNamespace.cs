using Microsoft.Win32.SafeHandles;
using ZMemif.Udp.HostTests.Support;

namespace ZMemif.Udp.HostTests.Kernel;

/// <summary>
/// A network namespace of its own, with a name that nobody else has. A socket or device keeps the namespace of the
/// thread that made it, so <see cref="Run"/> makes them on threads that have moved there.
/// </summary>
internal sealed class NetworkNamespace : IAsyncDisposable
{
    private NetworkNamespace(string name) => Name = name;

    /// <summary>The name that <c>ip netns</c> knows.</summary>
    internal string Name { get; }

    internal static async Task<NetworkNamespace> CreateAsync()
    {
        string name = $"zmemif-{Environment.ProcessId}-{Guid.NewGuid():N}";
        (await Tool.RunAsync("ip", ["netns", "add", name])).RequireSuccess();
        return new NetworkNamespace(name);
    }

    /// <summary>Calls a function on a thread inside the namespace, which ends afterwards.</summary>
    internal T Run<T>(Func<T> function)
    {
        var result = new TaskCompletionSource<T>();
        var thread = new Thread(() =>
        {
            try
            {
                Enter();
                result.SetResult(function());
            }
            catch (Exception e)
            {
                result.SetException(e);
            }
        })
        {
            IsBackground = true,
        };
        thread.Start();
        return result.Task.GetAwaiter().GetResult();
    }

    /// <summary>Sets a kernel parameter inside the namespace.</summary>
    /// <param name="path">Below <c>/proc/sys/net</c>.</param>
    /// <param name="value">The value.</param>
    internal void SetParameter(string path, int value) => Run(() =>
    {
        File.WriteAllText(Path.Combine("/proc/sys/net", path), $"{value}\n");
        return value;
    });

    /// <summary>Runs the <c>ip</c> tool inside the namespace, one command per line.</summary>
    internal async Task ConfigureAsync(params string[] commands) =>
        (await Tool.RunAsync("ip", ["-n", Name, "-batch", "-"], string.Join('\n', commands) + '\n')).RequireSuccess();

    /// <summary>Runs a program inside the namespace.</summary>
    internal Task<ToolResult> RunToolAsync(string tool, params string[] arguments) =>
        Tool.RunAsync("ip", ["netns", "exec", Name, tool, .. arguments]);

    public async ValueTask DisposeAsync() => (await Tool.RunAsync("ip", ["netns", "delete", Name])).RequireSuccess();

    private void Enter()
    {
        using SafeFileHandle network = File.OpenHandle($"/run/netns/{Name}", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        Libc.EnterNetworkNamespace(network);
    }
}
