using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Contract;

/// <content>Begin and End.</content>
public partial interface ISocketUnderTest
{
    IAsyncResult BeginReceive(byte[] buffer, int offset, int size, SocketFlags socketFlags, AsyncCallback? callback, object? state);

    IAsyncResult? BeginReceive(byte[] buffer, int offset, int size, SocketFlags socketFlags, out SocketError errorCode, AsyncCallback? callback, object? state);

    IAsyncResult BeginReceive(IList<ArraySegment<byte>> buffers, SocketFlags socketFlags, AsyncCallback? callback, object? state);

    IAsyncResult? BeginReceive(IList<ArraySegment<byte>> buffers, SocketFlags socketFlags, out SocketError errorCode, AsyncCallback? callback, object? state);

    IAsyncResult BeginReceiveFrom(byte[] buffer, int offset, int size, SocketFlags socketFlags, ref EndPoint remoteEP, AsyncCallback? callback, object? state);

    IAsyncResult BeginReceiveMessageFrom(byte[] buffer, int offset, int size, SocketFlags socketFlags, ref EndPoint remoteEP, AsyncCallback? callback, object? state);

    IAsyncResult BeginSend(byte[] buffer, int offset, int size, SocketFlags socketFlags, AsyncCallback? callback, object? state);

    IAsyncResult? BeginSend(byte[] buffer, int offset, int size, SocketFlags socketFlags, out SocketError errorCode, AsyncCallback? callback, object? state);

    IAsyncResult BeginSend(IList<ArraySegment<byte>> buffers, SocketFlags socketFlags, AsyncCallback? callback, object? state);

    IAsyncResult? BeginSend(IList<ArraySegment<byte>> buffers, SocketFlags socketFlags, out SocketError errorCode, AsyncCallback? callback, object? state);

    IAsyncResult BeginSendTo(byte[] buffer, int offset, int size, SocketFlags socketFlags, EndPoint remoteEP, AsyncCallback? callback, object? state);

    IAsyncResult BeginConnect(EndPoint remoteEP, AsyncCallback? callback, object? state);

    IAsyncResult BeginConnect(IPAddress address, int port, AsyncCallback? requestCallback, object? state);

    IAsyncResult BeginConnect(IPAddress[] addresses, int port, AsyncCallback? requestCallback, object? state);

    IAsyncResult BeginConnect(string host, int port, AsyncCallback? requestCallback, object? state);

    IAsyncResult BeginDisconnect(bool reuseSocket, AsyncCallback? callback, object? state);

    IAsyncResult BeginSendFile(string? fileName, AsyncCallback? callback, object? state);

    IAsyncResult BeginAccept(AsyncCallback? callback, object? state);

    IAsyncResult BeginAccept(int receiveSize, AsyncCallback? callback, object? state);

    int EndReceive(IAsyncResult asyncResult);

    int EndReceive(IAsyncResult asyncResult, out SocketError errorCode);

    int EndReceiveFrom(IAsyncResult asyncResult, ref EndPoint endPoint);

    int EndReceiveMessageFrom(IAsyncResult asyncResult, ref SocketFlags socketFlags, ref EndPoint endPoint, out IPPacketInformation ipPacketInformation);

    int EndSend(IAsyncResult asyncResult);

    int EndSend(IAsyncResult asyncResult, out SocketError errorCode);

    int EndSendTo(IAsyncResult asyncResult);

    void EndConnect(IAsyncResult asyncResult);

    void EndDisconnect(IAsyncResult asyncResult);

    void EndSendFile(IAsyncResult asyncResult);

    /// <summary>Stands for <c>EndAccept</c>, whose type differs.</summary>
    void EndAccept(IAsyncResult asyncResult);

    /// <summary>Stands for the <c>EndAccept</c> that gives what was received.</summary>
    void EndAcceptAndReceive(IAsyncResult asyncResult);
}
