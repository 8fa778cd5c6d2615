using System.Threading.Channels;

namespace ZMemif.Udp.Tests.Contract;

/// <summary>Ours.</summary>
internal sealed class MemifEventArgsUnderTest : MemifSocketAsyncEventArgs, IEventArgsUnderTest
{
    private readonly Channel<object?> _raised = Channel.CreateUnbounded<object?>();

    internal MemifEventArgsUnderTest(bool suppressContext)
        : base(suppressContext) => Completed += (sender, e) =>
        {
            Assert.Same(this, e);
            OnRaised?.Invoke();
            _raised.Writer.TryWrite(sender);
        };

    public ChannelReader<object?> Raised => _raised.Reader;

    public Action? OnRaised { get; set; }

    public IDatagramSocketUnderTest? Connected => ConnectSocket is { } socket ? new MemifDatagramSocketUnderTest(socket) : null;
}
