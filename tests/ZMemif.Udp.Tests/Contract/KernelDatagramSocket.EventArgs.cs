using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Contract;

/// <content>Operations by <see cref="SocketAsyncEventArgs"/>.</content>
internal sealed partial class KernelDatagramSocket
{
    public bool StandsFor(object? other) => ReferenceEquals(socket, other);

    public bool ReceiveAsync(IEventArgsUnderTest? e) => socket.ReceiveAsync((SocketAsyncEventArgs)e!);

    public bool ReceiveFromAsync(IEventArgsUnderTest? e) => socket.ReceiveFromAsync((SocketAsyncEventArgs)e!);

    public bool ReceiveMessageFromAsync(IEventArgsUnderTest? e) => socket.ReceiveMessageFromAsync((SocketAsyncEventArgs)e!);

    public bool SendAsync(IEventArgsUnderTest? e) => socket.SendAsync((SocketAsyncEventArgs)e!);

    public bool SendToAsync(IEventArgsUnderTest? e) => socket.SendToAsync((SocketAsyncEventArgs)e!);

    public bool SendPacketsAsync(IEventArgsUnderTest? e) => socket.SendPacketsAsync((SocketAsyncEventArgs)e!);

    public bool ConnectAsync(IEventArgsUnderTest? e) => socket.ConnectAsync((SocketAsyncEventArgs)e!);

    public bool DisconnectAsync(IEventArgsUnderTest? e) => socket.DisconnectAsync((SocketAsyncEventArgs)e!);

    public bool AcceptAsync(IEventArgsUnderTest? e) => socket.AcceptAsync((SocketAsyncEventArgs)e!);
}
