using System.Globalization;
using System.Runtime.InteropServices;

namespace ZMemif.Tests.Peers;

/// <summary>A thread of its own whose doings the kernel tells: whether it sleeps, how often it woke, what it cost.</summary>
internal sealed class WatchedThread
{
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<int> _id = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal WatchedThread(Action action)
    {
        new Thread(() => Run(action)) { IsBackground = true }.Start();
        Id = _id.Task.GetAwaiter().GetResult();
    }

    /// <summary>Ends with the action.</summary>
    internal Task Completion => _completion.Task;

    /// <summary>The kernel's number.</summary>
    internal int Id { get; }

    /// <summary>Waits until the kernel keeps the thread in a system call.</summary>
    /// <param name="call">Its name with the number on x86-64 and on ARM64.</param>
    /// <param name="patience">For how long at most.</param>
    internal void WaitUntilIn((int X64, int Arm64) call, TimeSpan patience)
    {
        int number = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? call.Arm64 : call.X64;
        string prefix = string.Create(CultureInfo.InvariantCulture, $"{number} ");
        Assert.True(
            SpinWait.SpinUntil(() => File.ReadAllText($"/proc/self/task/{Id}/syscall").StartsWith(prefix, StringComparison.Ordinal), patience),
            $"The thread did not come to rest: {File.ReadAllText($"/proc/self/task/{Id}/syscall")}");
    }

    /// <summary>Waits until the thread has used so much time of a processor from now on.</summary>
    internal void WaitUntilBusy(TimeSpan processor, TimeSpan patience)
    {
        TimeSpan before = ThreadAccount.Read(Id).Processor;
        Assert.True(SpinWait.SpinUntil(() => ThreadAccount.Read(Id).Processor - before >= processor, patience));
    }

    private void Run(Action action)
    {
        _id.SetResult(gettid());
        try
        {
            action();
            _completion.SetResult();
        }
        catch (Exception e)
        {
            _completion.SetException(e);
        }
    }

    [DllImport("libc")]
    private static extern int gettid();
}
