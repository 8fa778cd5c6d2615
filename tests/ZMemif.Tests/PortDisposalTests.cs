namespace ZMemif.Tests;

/// <summary>Disposing what has been disposed by its owner.</summary>
public sealed class PortDisposalTests
{
    [Fact]
    public async Task DisposeAsync_AfterItsSocketWasDisposed_Returns()
    {
        var socket = new MemifSocket(TestAddress.Abstract());
        MemifPort port = socket.AddPort(new MemifPortOptions { Role = MemifRole.Server });
        socket.Start();
        await socket.DisposeAsync();

        // The last socket of a process takes the control thread with it.
        await port.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(MemifPortState.Closed, port.State);
    }
}
