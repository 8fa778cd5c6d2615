using System.Net.Sockets;

namespace ZMemif.Udp;

/// <content>A connect: its outcome, and its cancellation.</content>
public partial class MemifSocketAsyncEventArgs
{
    private CancellationTokenSource? _connecting;

    /// <summary>Takes it for a connect that may pend.</summary>
    /// <returns>Canceled by <see cref="CancelConnect"/>.</returns>
    internal CancellationToken BeginConnect(MemifDatagramSocket socket)
    {
        Begin(socket, SocketAsyncOperation.Connect);
        var connecting = new CancellationTokenSource();
        _connecting = connecting;
        return connecting.Token;
    }

    /// <summary>Notes the outcome; before the operation is finished.</summary>
    internal void NoteConnect(MemifDatagramSocket? socket, Exception? byNameError)
    {
        ConnectSocket = socket;
        ConnectByNameError = byNameError;
        _connecting = null;
    }

    /// <summary>Ends a connect that is pending. Otherwise nothing happens.</summary>
    internal void CancelConnect() => _connecting?.Cancel();
}
