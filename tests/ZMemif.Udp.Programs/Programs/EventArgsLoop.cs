using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp.Programs;

/// <summary>A game server: one socket, one SocketAsyncEventArgs for what comes, handled at once or when it is raised.</summary>
internal sealed class EventArgsLoop : ICensusProgram
{
    private const int Datagrams = 500;

    private readonly ManualResetEventSlim _done = new();
    private Socket? _socket;
    private int _count;
    private int _bytes;

    public void Serve(Stage stage)
    {
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        _socket.Bind(new IPEndPoint(IPAddress.Any, 0));
        using var args = new SocketAsyncEventArgs { RemoteEndPoint = new IPEndPoint(IPAddress.Any, 0), UserToken = stage };
        args.SetBuffer(new byte[512], 0, 512);
        args.Completed += (_, e) => Loop(e);
        stage.Open(((IPEndPoint)_socket.LocalEndPoint!).Port);
        ThreadPool.QueueUserWorkItem(_ => Receive(args));
        _done.Wait();
        _socket.Close();
        stage.Say($"{_count} datagrams of {_bytes} bytes");
    }

    public void Use(Stage stage)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        byte[] buffer = new byte[512];
        int echoed = 0;
        for (int i = 0; i < Datagrams; i++)
        {
            socket.SendTo(buffer, 0, i % 300, SocketFlags.None, stage.Server);
            EndPoint from = new IPEndPoint(IPAddress.Any, 0);
            echoed += socket.ReceiveFrom(buffer, ref from) == i % 300 && from.Equals(stage.Server) ? 1 : 0;
        }

        stage.Say($"{echoed} echoed");
    }

    // Whatever is done at once is handled here, and not by recursion.
    private void Receive(SocketAsyncEventArgs args)
    {
        while (_count < Datagrams && !_socket!.ReceiveFromAsync(args))
            Handle(args);
    }

    private void Loop(SocketAsyncEventArgs args)
    {
        Handle(args);
        Receive(args);
    }

    private void Handle(SocketAsyncEventArgs args)
    {
        if (args.SocketError != SocketError.Success || args.LastOperation != SocketAsyncOperation.ReceiveFrom)
            ((Stage)args.UserToken!).Say($"{args.LastOperation}: {args.SocketError}");
        _bytes += args.BytesTransferred;
        _socket!.SendTo(args.Buffer!, args.Offset, args.BytesTransferred, SocketFlags.None, args.RemoteEndPoint!);
        if (++_count == Datagrams)
            _done.Set();
    }
}
