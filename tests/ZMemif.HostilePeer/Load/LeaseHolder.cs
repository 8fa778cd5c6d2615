using System.Collections.Concurrent;

namespace ZMemif.HostilePeer.Load;

/// <summary>
/// Receives one queue by leases, and always keeps a few of them, also when the peer dies; each is looked at again before
/// another thread ends it: the memory of a dead peer's packet must be there, and be what it was.
/// </summary>
internal sealed class LeaseHolder(MemifRxQueue queue, LoadVerifier verifier) : IDisposable
{
    private const int Held = 16;

    private readonly Queue<MemifLease> _held = new();
    private readonly BlockingCollection<MemifLease> _ending = new(boundedCapacity: 64);
    private readonly byte[] _packet = new byte[LoadPort.MaxLength];

    /// <summary>Waits for a packet and leases what is there; on one thread.</summary>
    internal void Receive()
    {
        queue.Wait(TimeSpan.FromMilliseconds(5));
        while (queue.TryLease(out MemifLease lease))
        {
            verifier.Verify(_packet.AsSpan(0, lease.CopyTo(0, _packet)));
            _held.Enqueue(lease);
            if (_held.Count > Held)
                _ending.Add(_held.Dequeue());
        }
    }

    /// <summary>After the last <see cref="Receive"/>: lets everything go.</summary>
    internal void Finish()
    {
        while (_held.TryDequeue(out MemifLease lease))
            _ending.Add(lease);
        _ending.CompleteAdding();
    }

    /// <summary>Ends leases until <see cref="Finish"/>; on another thread.</summary>
    internal void EndLeases()
    {
        byte[] packet = new byte[LoadPort.MaxLength];
        foreach (MemifLease lease in _ending.GetConsumingEnumerable())
        {
            LoadVerifier.VerifyContent(packet.AsSpan(0, lease.CopyTo(0, packet)), out _);
            lease.Dispose();
        }
    }

    public void Dispose() => _ending.Dispose();
}
