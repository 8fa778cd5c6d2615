using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Contract;

/// <summary>The kernel's, made for a test.</summary>
internal sealed partial class KernelTestSocket : Socket, ISocketUnderTest
{
    internal KernelTestSocket(AddressFamily addressFamily, SocketType socketType, ProtocolType protocolType)
        : base(addressFamily, socketType, protocolType)
    {
    }

    public void AcceptOne() => Accept();

    public IEnumerable<Func<Task>> AcceptsAsync() => [() => AcceptAsync(), () => AcceptAsync(acceptSocket: null)];

    public IEnumerable<Func<Task>> AcceptsAsync(CancellationToken cancellationToken) =>
        [() => AcceptAsync(cancellationToken).AsTask(), () => AcceptAsync(acceptSocket: null, cancellationToken).AsTask()];
}
