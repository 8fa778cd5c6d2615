using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Contract;

/// <summary>Ours, made for a test.</summary>
internal sealed partial class MemifTestSocket : MemifDatagramSocket, ISocketUnderTest
{
    internal MemifTestSocket(MemifInterface memifInterface, AddressFamily addressFamily, SocketType socketType, ProtocolType protocolType)
        : base(memifInterface, addressFamily, socketType, protocolType)
    {
    }

    internal MemifTestSocket(AddressFamily addressFamily, SocketType socketType, ProtocolType protocolType)
        : base(addressFamily, socketType, protocolType)
    {
    }

    public void AcceptOne() => Accept();

    public IEnumerable<Func<Task>> AcceptsAsync() => [() => AcceptAsync(), () => AcceptAsync(acceptSocket: null)];

    public IEnumerable<Func<Task>> AcceptsAsync(CancellationToken cancellationToken) =>
        [() => AcceptAsync(cancellationToken).AsTask(), () => AcceptAsync(acceptSocket: null, cancellationToken).AsTask()];
}
