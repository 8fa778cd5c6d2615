namespace ZMemif.Udp.Tests.Contract;

/// <content>Operations by event arguments, and what differs in its types.</content>
internal sealed partial class MemifTestSocket
{
    public bool StandsFor(object? socket) => ReferenceEquals(this, socket);

    public bool ReceiveAsync(IEventArgsUnderTest? e) => ReceiveAsync((MemifSocketAsyncEventArgs)e!);

    public bool ReceiveFromAsync(IEventArgsUnderTest? e) => ReceiveFromAsync((MemifSocketAsyncEventArgs)e!);

    public bool ReceiveMessageFromAsync(IEventArgsUnderTest? e) => ReceiveMessageFromAsync((MemifSocketAsyncEventArgs)e!);

    public bool SendAsync(IEventArgsUnderTest? e) => SendAsync((MemifSocketAsyncEventArgs)e!);

    public bool SendToAsync(IEventArgsUnderTest? e) => SendToAsync((MemifSocketAsyncEventArgs)e!);

    public bool SendPacketsAsync(IEventArgsUnderTest? e) => SendPacketsAsync((MemifSocketAsyncEventArgs)e!);

    public bool ConnectAsync(IEventArgsUnderTest? e) => ConnectAsync((MemifSocketAsyncEventArgs)e!);

    public bool DisconnectAsync(IEventArgsUnderTest? e) => DisconnectAsync((MemifSocketAsyncEventArgs)e!);

    public bool AcceptAsync(IEventArgsUnderTest? e) => AcceptAsync((MemifSocketAsyncEventArgs)e!);

    void ISocketUnderTest.EndAccept(IAsyncResult asyncResult) => EndAccept(asyncResult);

    public void EndAcceptAndReceive(IAsyncResult asyncResult) => EndAccept(out _, out _, asyncResult);
}
