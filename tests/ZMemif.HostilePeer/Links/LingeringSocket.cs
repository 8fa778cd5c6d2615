using System.Net;
using System.Net.Sockets;
using ZMemif.Native;

namespace ZMemif.HostilePeer.Links;

/// <summary>
/// A TCP connection over the loopback that is full and lingers for an hour: whoever closes its last descriptor is blocked
/// so long, or until this object is disposed.
/// </summary>
internal sealed class LingeringSocket : IDisposable
{
    private readonly Socket _reader;

    internal LingeringSocket()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Server.ReceiveBufferSize = 4096;
        listener.Start();
        var writer = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        writer.Connect(listener.LocalEndpoint);
        _reader = listener.AcceptSocket();
        Fill(writer);
        writer.LingerState = new LingerOption(enable: true, seconds: 3600);

        // Socket would not close it as it is.
        Passed = new FileDescriptor((int)writer.SafeHandle.DangerousGetHandle());
        writer.SafeHandle.SetHandleAsInvalid();
    }

    /// <summary>The descriptor to pass.</summary>
    internal FileDescriptor Passed { get; }

    /// <summary>Closes the own descriptor, in the background: if it was the last one that takes long.</summary>
    internal void LetGo() => new Thread(Passed.Dispose) { IsBackground = true }.Start();

    /// <summary>Ends the connection, and with it all lingering.</summary>
    public void Dispose()
    {
        _reader.LingerState = new LingerOption(enable: true, seconds: 0);
        _reader.Dispose();
    }

    private static void Fill(Socket writer)
    {
        writer.Blocking = false;
        byte[] bytes = new byte[65536];
        while (true)
        {
            writer.Send(bytes, SocketFlags.None, out SocketError error);
            if (error != SocketError.Success)
                return;
        }
    }
}
