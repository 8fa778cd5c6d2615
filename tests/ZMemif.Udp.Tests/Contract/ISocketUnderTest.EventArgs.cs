namespace ZMemif.Udp.Tests.Contract;

/// <content>Operations by <c>SocketAsyncEventArgs</c>.</content>
public partial interface ISocketUnderTest
{
    /// <summary>Whether this stands for a socket.</summary>
    bool StandsFor(object? socket);

    bool ReceiveAsync(IEventArgsUnderTest? e);

    bool ReceiveFromAsync(IEventArgsUnderTest? e);

    bool ReceiveMessageFromAsync(IEventArgsUnderTest? e);

    bool SendAsync(IEventArgsUnderTest? e);

    bool SendToAsync(IEventArgsUnderTest? e);

    bool SendPacketsAsync(IEventArgsUnderTest? e);

    bool ConnectAsync(IEventArgsUnderTest? e);

    bool DisconnectAsync(IEventArgsUnderTest? e);

    bool AcceptAsync(IEventArgsUnderTest? e);
}
