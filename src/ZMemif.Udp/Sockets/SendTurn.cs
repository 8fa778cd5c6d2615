namespace ZMemif.Udp.Sockets;

/// <summary>A place in a <see cref="SendLine"/>.</summary>
internal sealed class SendTurn
{
    private readonly TaskCompletionSource _come = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether this is the first in line.</summary>
    internal bool HasCome => _come.Task.IsCompleted;

    /// <summary>Waits, without a thread, to be the first in line.</summary>
    internal Task WaitAsync(CancellationToken cancellationToken) => _come.Task.WaitAsync(cancellationToken);

    internal void Come() => _come.TrySetResult();
}
