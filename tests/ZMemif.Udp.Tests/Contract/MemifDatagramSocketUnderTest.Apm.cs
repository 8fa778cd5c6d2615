using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Contract;

/// <content>Begin and End.</content>
internal sealed partial class MemifDatagramSocketUnderTest
{
    public IAsyncResult BeginReceive(byte[] buffer, int offset, int size, SocketFlags socketFlags, AsyncCallback? callback, object? state) =>
        socket.BeginReceive(buffer, offset, size, socketFlags, callback, state);

    public IAsyncResult? BeginReceive(byte[] buffer, int offset, int size, SocketFlags socketFlags, out SocketError errorCode, AsyncCallback? callback, object? state) =>
        socket.BeginReceive(buffer, offset, size, socketFlags, out errorCode, callback, state);

    public IAsyncResult BeginReceive(IList<ArraySegment<byte>> buffers, SocketFlags socketFlags, AsyncCallback? callback, object? state) =>
        socket.BeginReceive(buffers, socketFlags, callback, state);

    public IAsyncResult? BeginReceive(IList<ArraySegment<byte>> buffers, SocketFlags socketFlags, out SocketError errorCode, AsyncCallback? callback, object? state) =>
        socket.BeginReceive(buffers, socketFlags, out errorCode, callback, state);

    public IAsyncResult BeginReceiveFrom(byte[] buffer, int offset, int size, SocketFlags socketFlags, ref EndPoint remoteEP, AsyncCallback? callback, object? state) =>
        socket.BeginReceiveFrom(buffer, offset, size, socketFlags, ref remoteEP, callback, state);

    public IAsyncResult BeginReceiveMessageFrom(byte[] buffer, int offset, int size, SocketFlags socketFlags, ref EndPoint remoteEP, AsyncCallback? callback, object? state) =>
        socket.BeginReceiveMessageFrom(buffer, offset, size, socketFlags, ref remoteEP, callback, state);

    public IAsyncResult BeginSend(byte[] buffer, int offset, int size, SocketFlags socketFlags, AsyncCallback? callback, object? state) =>
        socket.BeginSend(buffer, offset, size, socketFlags, callback, state);

    public IAsyncResult? BeginSend(byte[] buffer, int offset, int size, SocketFlags socketFlags, out SocketError errorCode, AsyncCallback? callback, object? state) =>
        socket.BeginSend(buffer, offset, size, socketFlags, out errorCode, callback, state);

    public IAsyncResult BeginSend(IList<ArraySegment<byte>> buffers, SocketFlags socketFlags, AsyncCallback? callback, object? state) =>
        socket.BeginSend(buffers, socketFlags, callback, state);

    public IAsyncResult? BeginSend(IList<ArraySegment<byte>> buffers, SocketFlags socketFlags, out SocketError errorCode, AsyncCallback? callback, object? state) =>
        socket.BeginSend(buffers, socketFlags, out errorCode, callback, state);

    public IAsyncResult BeginSendTo(byte[] buffer, int offset, int size, SocketFlags socketFlags, EndPoint remoteEP, AsyncCallback? callback, object? state) =>
        socket.BeginSendTo(buffer, offset, size, socketFlags, remoteEP, callback, state);

    public IAsyncResult BeginConnect(EndPoint remoteEP, AsyncCallback? callback, object? state) =>
        socket.BeginConnect(remoteEP, callback, state);

    public IAsyncResult BeginConnect(IPAddress address, int port, AsyncCallback? requestCallback, object? state) =>
        socket.BeginConnect(address, port, requestCallback, state);

    public IAsyncResult BeginConnect(IPAddress[] addresses, int port, AsyncCallback? requestCallback, object? state) =>
        socket.BeginConnect(addresses, port, requestCallback, state);

    public IAsyncResult BeginConnect(string host, int port, AsyncCallback? requestCallback, object? state) =>
        socket.BeginConnect(host, port, requestCallback, state);

    public IAsyncResult BeginDisconnect(bool reuseSocket, AsyncCallback? callback, object? state) =>
        socket.BeginDisconnect(reuseSocket, callback, state);

    public IAsyncResult BeginSendFile(string? fileName, AsyncCallback? callback, object? state) =>
        socket.BeginSendFile(fileName, callback, state);

    public IAsyncResult BeginAccept(AsyncCallback? callback, object? state) => socket.BeginAccept(callback, state);

    public IAsyncResult BeginAccept(int receiveSize, AsyncCallback? callback, object? state) =>
        socket.BeginAccept(receiveSize, callback, state);

    public int EndReceive(IAsyncResult asyncResult) => socket.EndReceive(asyncResult);

    public int EndReceive(IAsyncResult asyncResult, out SocketError errorCode) => socket.EndReceive(asyncResult, out errorCode);

    public int EndReceiveFrom(IAsyncResult asyncResult, ref EndPoint endPoint) => socket.EndReceiveFrom(asyncResult, ref endPoint);

    public int EndReceiveMessageFrom(IAsyncResult asyncResult, ref SocketFlags socketFlags, ref EndPoint endPoint, out IPPacketInformation ipPacketInformation) =>
        socket.EndReceiveMessageFrom(asyncResult, ref socketFlags, ref endPoint, out ipPacketInformation);

    public int EndSend(IAsyncResult asyncResult) => socket.EndSend(asyncResult);

    public int EndSend(IAsyncResult asyncResult, out SocketError errorCode) => socket.EndSend(asyncResult, out errorCode);

    public int EndSendTo(IAsyncResult asyncResult) => socket.EndSendTo(asyncResult);

    public void EndConnect(IAsyncResult asyncResult) => socket.EndConnect(asyncResult);

    public void EndDisconnect(IAsyncResult asyncResult) => socket.EndDisconnect(asyncResult);

    public void EndSendFile(IAsyncResult asyncResult) => socket.EndSendFile(asyncResult);

    public void EndAccept(IAsyncResult asyncResult) => _ = socket.EndAccept(asyncResult);

    public void EndAcceptAndReceive(IAsyncResult asyncResult) => _ = socket.EndAccept(out _, out _, asyncResult);
}
