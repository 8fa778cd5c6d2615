using Microsoft.Win32.SafeHandles;
using ZMemif.Udp.HostTests.Captures;

namespace ZMemif.Udp.HostTests.Kernel;

/// <summary>
/// A cable between a TAP device and a memif port: copies every frame, both ways, and keeps a copy for the judges. It
/// waits for room on the ring; only without a link frames are lost, as on a cable that is not plugged in.
/// </summary>
internal sealed class TapPump : IAsyncDisposable
{
    private const int Burst = 64;

    private readonly Tap _tap;
    private readonly MemifRxQueue _fromHost;
    private readonly MemifTxQueue _toHost;
    private readonly FrameCapture _capture;
    private readonly SafeFileHandle _stop = Libc.CreateEvent();
    private readonly Task _kernelToHost;
    private readonly Task _hostToKernel;
    private volatile bool _stopping;

    internal TapPump(Tap tap, MemifPort port, FrameCapture capture)
    {
        _tap = tap;
        _fromHost = port.RxQueues[0];
        _toHost = port.TxQueues[0];
        _capture = capture;
        _kernelToHost = Task.Factory.StartNew(PumpKernelToHost, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        _hostToKernel = Task.Factory.StartNew(PumpHostToKernel, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Stops both directions; throws what went wrong in them.</summary>
    public async ValueTask DisposeAsync()
    {
        _stopping = true;
        Libc.Write(_stop, BitConverter.GetBytes(1UL), sizeof(ulong));
        _fromHost.Wake();
        try
        {
            await Task.WhenAll(_kernelToHost, _hostToKernel);
        }
        finally
        {
            _stop.Dispose();
        }
    }

    private void PumpKernelToHost()
    {
        byte[] buffer = new byte[Tap.MaxFrameLength];
        while (_tap.WaitReadable(_stop))
        {
            ReadOnlySpan<byte> frame = buffer.AsSpan(0, _tap.Read(buffer));
            _capture.Add(FrameSender.Kernel, frame);
            var spin = default(SpinWait);
            while (!_toHost.TrySend(frame) && _toHost.IsConnected && !_stopping)
                spin.SpinOnce();
        }
    }

    private void PumpHostToKernel()
    {
        byte[] buffer = new byte[Tap.MaxFrameLength];
        while (!_stopping)
        {
            _fromHost.Wait(Timeout.InfiniteTimeSpan);
            while (_fromHost.Acquire(Burst) > 0)
            {
                while (_fromHost.TryRead(out MemifPacket packet))
                {
                    int length = packet.CopyTo(0, buffer);
                    _capture.Add(FrameSender.Host, buffer.AsSpan(0, length));
                    _tap.Write(buffer, length);
                }

                _fromHost.Release();
            }
        }
    }
}
