using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Contract;

/// <content>Operations by event arguments, and what differs in its types.</content>
internal sealed partial class KernelTestSocket
{
    public bool StandsFor(object? socket) => ReferenceEquals(this, socket);

    public bool ReceiveAsync(IEventArgsUnderTest? e) => ReceiveAsync((SocketAsyncEventArgs)e!);

    public bool ReceiveFromAsync(IEventArgsUnderTest? e) => ReceiveFromAsync((SocketAsyncEventArgs)e!);

    public bool ReceiveMessageFromAsync(IEventArgsUnderTest? e) => ReceiveMessageFromAsync((SocketAsyncEventArgs)e!);

    public bool SendAsync(IEventArgsUnderTest? e) => SendAsync((SocketAsyncEventArgs)e!);

    public bool SendToAsync(IEventArgsUnderTest? e) => SendToAsync((SocketAsyncEventArgs)e!);

    public bool SendPacketsAsync(IEventArgsUnderTest? e) => SendPacketsAsync((SocketAsyncEventArgs)e!);

    public bool ConnectAsync(IEventArgsUnderTest? e) => ConnectAsync((SocketAsyncEventArgs)e!);

    public bool DisconnectAsync(IEventArgsUnderTest? e) => DisconnectAsync((SocketAsyncEventArgs)e!);

    public bool AcceptAsync(IEventArgsUnderTest? e) => AcceptAsync((SocketAsyncEventArgs)e!);

    void ISocketUnderTest.EndAccept(IAsyncResult asyncResult) => EndAccept(asyncResult);

    public void EndAcceptAndReceive(IAsyncResult asyncResult) => EndAccept(out _, out _, asyncResult);
}
