namespace ZMemif;

/// <content>Captures of the port's packets to a file.</content>
public sealed partial class MemifPort
{
    private readonly Lock _captureLock = new();
    private volatile PcapWriter? _capture;
    private readonly TaskCompletionSource<Task> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    PcapWriter? IQueueOwner.Capture => _capture;

    /// <summary>The port has been closed, whoever did it, and the capture that ran then is complete.</summary>
    internal Task Ended => _ended.Task.Unwrap();

    /// <summary>
    /// Begins to copy every packet, in both directions, to a pcap file, in place of a capture that may be running. The capture
    /// ends with <see cref="StopCapture"/> or with the port, in whatever way that is closed. If the disk fails meanwhile, the
    /// capture ends, <see cref="MemifSocket.Error"/> says why, and the traffic goes on.
    /// </summary>
    /// <exception cref="IOException">The file cannot be created, or its header cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write there.</exception>
    /// <exception cref="ObjectDisposedException">The port was closed.</exception>
    public void StartCapture(string path)
    {
        ObjectDisposedException.ThrowIf(_state == MemifPortState.Closed, this);
        var capture = new PcapWriter(path, Mode, TimeProvider.System, fault => ReportCapture(path, fault));
        bool isClosed;
        PcapWriter? earlier;
        lock (_captureLock)
        {
            isClosed = _state == MemifPortState.Closed;
            (earlier, _capture) = isClosed ? (capture, null) : (_capture, capture);
        }

        earlier?.Dispose();
        ObjectDisposedException.ThrowIf(isClosed, this);
    }

    /// <summary>Ends the capture; the file is complete afterwards. Does nothing when there is none.</summary>
    /// <exception cref="IOException">The file could not be written to its end.</exception>
    public void StopCapture()
    {
        if (Interlocked.Exchange(ref _capture, null) is not { } capture)
            return;
        capture.Dispose();
        if (capture.Fault is { } fault)
            throw new IOException("The capture ended early.", fault);
    }

    // On the control thread, which does not wait for disks; after the state has become Closed, so that no capture comes later.
    private void EndCapture()
    {
        PcapWriter? capture;
        lock (_captureLock)
            capture = Interlocked.Exchange(ref _capture, null);
        _ended.SetResult(capture is null ? Task.CompletedTask : Task.Run(capture.Dispose));
    }

    private void ReportCapture(string path, Exception fault) => _socket.RaiseError(new MemifErrorEventArgs(
        this, new MemifException(MemifErrorCode.SystemError, $"The capture to {path} ended early: {fault.Message}", fault), isWarning: true));
}
