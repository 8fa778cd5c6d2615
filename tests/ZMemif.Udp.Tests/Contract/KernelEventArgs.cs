using System.Net.Sockets;
using System.Threading.Channels;

namespace ZMemif.Udp.Tests.Contract;

/// <summary>The kernel's.</summary>
internal sealed class KernelEventArgs : SocketAsyncEventArgs, IEventArgsUnderTest
{
    private readonly Channel<object?> _raised = Channel.CreateUnbounded<object?>();

    internal KernelEventArgs(bool suppressContext)
        : base(suppressContext) => Completed += (sender, e) =>
        {
            Assert.Same(this, e);
            OnRaised?.Invoke();
            _raised.Writer.TryWrite(sender);
        };

    public ChannelReader<object?> Raised => _raised.Reader;

    public Action? OnRaised { get; set; }

    public IDatagramSocketUnderTest? Connected => ConnectSocket is { } socket ? new KernelDatagramSocket(socket) : null;
}
