using ZMemif.Memory;
using ZMemif.Native;

namespace ZMemif.Control;

/// <summary>
/// The client's part: waits for HELLO, makes regions, rings and events within the server's limits, then sends INIT,
/// ADD_REGION, ADD_RING and CONNECT, each after the acknowledgement of the one before (§1.4).
/// </summary>
internal sealed class ClientHandshake : Handshake
{
    private readonly Queue<(byte[] Message, FileDescriptor? Passed)> _steps = new();
    private ClientMemory? _memory;
    private string _peerApplication = "";

    internal ClientHandshake(IControlPort port) => Port = port;

    private PortIdentity Identity => Port!.Identity;

    internal override void Start()
    {
        // The server speaks first.
    }

    public override void Dispose()
    {
        base.Dispose();
        _memory?.Dispose();
        _memory = null;
    }

    protected override void HandleCore(MessageType type, ReadOnlySpan<byte> message, List<FileDescriptor> passed)
    {
        switch (type)
        {
            case MessageType.Hello when _memory is null && Link is null:
                Prepare(HelloMessage.Read(message));
                SendNext();
                break;
            case MessageType.Ack when _steps.Count > 0:
                SendNext();
                break;
            case MessageType.Connected when _memory is not null && _steps.Count == 0:
                Complete(ConnectMessage.Read(message));
                break;
            default:
                throw Violation($"sent {type} at the wrong time");
        }
    }

    private void Prepare(HelloMessage hello)
    {
        if (hello.MinVersion > ControlMessage.Version || hello.MaxVersion < ControlMessage.Version)
        {
            throw new MemifException(
                MemifErrorCode.VersionMismatch,
                $"The peer speaks memif versions 0x{hello.MinVersion:x4} to 0x{hello.MaxVersion:x4}; this is 0x{ControlMessage.Version:x4}.");
        }

        _peerApplication = hello.Name;
        PortGeometry wanted = Identity.Geometry;
        PortGeometry geometry = wanted with
        {
            TxQueues = Math.Min(wanted.TxQueues, hello.MaxS2MRing + 1),
            RxQueues = Math.Min(wanted.RxQueues, hello.MaxM2SRing + 1),
            Log2RingSize = Math.Min(wanted.Log2RingSize, hello.MaxLog2RingSize),
        };
        var layout = new ClientLayout(geometry, Identity.Policy.MaxRegionBytes);
        if (layout.Regions.Count - 1 > hello.MaxRegion)
        {
            throw new MemifException(
                MemifErrorCode.Unknown,
                $"The peer takes {hello.MaxRegion + 1} regions, and this needs {layout.Regions.Count}; {nameof(MemifPortOptions.MaxRegionBytes)} makes them larger.");
        }

        _memory = ClientMemory.Create(geometry, layout);

        _steps.Enqueue((new InitMessage(ControlMessage.Version, Identity.Id, (byte)Identity.Mode, Identity.Secret, Identity.ApplicationName).ToBytes(), null));
        foreach ((int index, SharedRegion region) in _memory.Regions.Index())
            _steps.Enqueue((new AddRegionMessage((ushort)index, region.Size).ToBytes(), region.File));
        foreach (ClientRing ring in _memory.Rings)
            _steps.Enqueue((ring.Announcement.ToBytes(), ring.Event.Descriptor));
        _steps.Enqueue((new ConnectMessage(MessageType.Connect, Identity.InterfaceName).ToBytes(), null));
    }

    private void SendNext()
    {
        (byte[] message, FileDescriptor? passed) = _steps.Dequeue();
        Send(message, passed);
    }

    private void Complete(ConnectMessage message)
    {
        Open(_memory!.ToLink(_peerApplication, message.InterfaceName, Identity.Policy.Malformed));
        _memory = null;
    }
}
