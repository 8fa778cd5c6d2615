namespace ZMemif.Udp.Tests.Contract;

/// <content>Operations by <see cref="MemifSocketAsyncEventArgs"/>.</content>
internal sealed partial class MemifDatagramSocketUnderTest
{
    public bool StandsFor(object? other) => ReferenceEquals(socket, other);

    public bool ReceiveAsync(IEventArgsUnderTest? e) => socket.ReceiveAsync((MemifSocketAsyncEventArgs)e!);

    public bool ReceiveFromAsync(IEventArgsUnderTest? e) => socket.ReceiveFromAsync((MemifSocketAsyncEventArgs)e!);

    public bool ReceiveMessageFromAsync(IEventArgsUnderTest? e) => socket.ReceiveMessageFromAsync((MemifSocketAsyncEventArgs)e!);

    public bool SendAsync(IEventArgsUnderTest? e) => socket.SendAsync((MemifSocketAsyncEventArgs)e!);

    public bool SendToAsync(IEventArgsUnderTest? e) => socket.SendToAsync((MemifSocketAsyncEventArgs)e!);

    public bool SendPacketsAsync(IEventArgsUnderTest? e) => socket.SendPacketsAsync((MemifSocketAsyncEventArgs)e!);

    public bool ConnectAsync(IEventArgsUnderTest? e) => socket.ConnectAsync((MemifSocketAsyncEventArgs)e!);

    public bool DisconnectAsync(IEventArgsUnderTest? e) => socket.DisconnectAsync((MemifSocketAsyncEventArgs)e!);

    public bool AcceptAsync(IEventArgsUnderTest? e) => socket.AcceptAsync((MemifSocketAsyncEventArgs)e!);
}
