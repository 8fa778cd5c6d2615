using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace ZMemif.Udp.Tests.Contract;

/// <summary>The members of <c>SocketAsyncEventArgs</c>, which the kernel's class and ours implement by inheritance.</summary>
public interface IEventArgsUnderTest : IDisposable
{
    /// <summary>What <c>Completed</c> was raised with: the sender each time.</summary>
    ChannelReader<object?> Raised { get; }

    /// <summary>Called whenever <c>Completed</c> is raised, before <see cref="Raised"/> tells.</summary>
    Action? OnRaised { get; set; }

    /// <summary>Stands for <c>ConnectSocket</c>, whose type differs.</summary>
    IDatagramSocketUnderTest? Connected { get; }

    byte[]? Buffer { get; }

    IList<ArraySegment<byte>>? BufferList { get; set; }

    int BytesTransferred { get; }

    Exception? ConnectByNameError { get; }

    int Count { get; }

    bool DisconnectReuseSocket { get; set; }

    SocketAsyncOperation LastOperation { get; }

    Memory<byte> MemoryBuffer { get; }

    int Offset { get; }

    IPPacketInformation ReceiveMessageFromPacketInfo { get; }

    EndPoint? RemoteEndPoint { get; set; }

    SendPacketsElement[]? SendPacketsElements { get; set; }

    TransmitFileOptions SendPacketsFlags { get; set; }

    int SendPacketsSendSize { get; set; }

    SocketError SocketError { get; set; }

    SocketFlags SocketFlags { get; set; }

    object? UserToken { get; set; }

    void SetBuffer(byte[]? buffer, int offset, int count);

    void SetBuffer(int offset, int count);

    void SetBuffer(Memory<byte> buffer);
}
