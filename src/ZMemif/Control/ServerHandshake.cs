using ZMemif.Memory;
using ZMemif.Native;
using ZMemif.Queues;

namespace ZMemif.Control;

/// <summary>
/// The server's part: HELLO → INIT → regions and rings, each acknowledged → CONNECT → CONNECTED. Believes nothing:
/// every field is checked before memory is touched (§1.5, §7.2).
/// </summary>
/// <param name="applicationName">For HELLO.</param>
/// <param name="maxLog2RingSize">For HELLO: the largest ring that any port of the socket accepts.</param>
/// <param name="findPort">Finds the server port of an id; null when there is none.</param>
internal sealed class ServerHandshake(string applicationName, int maxLog2RingSize, Func<uint, IControlPort?> findPort) : Handshake
{
    /// <summary>Advertised as highest index for regions and rings, as everybody does; what is really allowed is checked later (§1.6).</summary>
    private const ushort AdvertisedMaximum = 255;

    private readonly List<SharedRegion> _regions = [];
    private readonly List<RingOffer> _s2m = [];
    private readonly List<RingOffer> _m2s = [];
    private (AddRegionMessage Message, FileDescriptor File)? _growing;
    private string _peerApplication = "";
    private bool _hasWarned;
    private bool _done;

    internal override void Start() => Send(new HelloMessage(
        applicationName,
        ControlMessage.Version,
        ControlMessage.Version,
        AdvertisedMaximum,
        AdvertisedMaximum,
        AdvertisedMaximum,
        (byte)maxLog2RingSize).ToBytes());

    public override void Dispose()
    {
        base.Dispose();
        _growing?.File.Dispose();
        _growing = null;
        foreach (SharedRegion region in _regions)
            region.Dispose();
        foreach (RingOffer offer in _s2m.Concat(_m2s))
            offer.Event.Dispose();
        _regions.Clear();
        _s2m.Clear();
        _m2s.Clear();
    }

    protected override void HandleCore(MessageType type, ReadOnlySpan<byte> message, List<FileDescriptor> passed)
    {
        if (_done || (type == MessageType.Init) != (Port is null))
            throw Violation($"sent {type} at the wrong time");
        switch (type)
        {
            case MessageType.Init:
                Accept(InitMessage.Read(message));
                break;
            case MessageType.AddRegion:
                Add(AddRegionMessage.Read(message), Take(passed));
                return;
            case MessageType.AddRing:
                Add(AddRingMessage.Read(message), EventCounter.Adopt(Take(passed)));
                break;
            case MessageType.Connect:
                Connect(ConnectMessage.Read(message));
                return;
            default:
                throw Violation($"sent a message of type {(ushort)type}, which no client sends");
        }

        Send(ControlMessage.Ack());
    }

    private void Accept(InitMessage init)
    {
        if (init.Version != ControlMessage.Version)
            throw new MemifException(MemifErrorCode.VersionMismatch, $"The peer speaks memif version 0x{init.Version:x4}; this is 0x{ControlMessage.Version:x4}.");
        IControlPort port = findPort(init.Id)
            ?? throw new MemifException(MemifErrorCode.UnknownId, $"There is no server interface with id {init.Id} on this socket.");
        if (port.IsTaken)
            throw new MemifException(MemifErrorCode.AlreadyConnected, $"Interface id {init.Id} is already connected.");
        if (init.Mode != (byte)port.Identity.Mode)
            throw new MemifException(MemifErrorCode.ModeMismatch, $"The peer wants mode {init.Mode}; interface id {init.Id} has mode {port.Identity.Mode}.");
        if (!port.Identity.Secret.IsEmpty && !port.Identity.Secret.Matches(init.Secret))
            throw new MemifException(MemifErrorCode.SecretMismatch, $"The peer's secret for interface id {init.Id} is missing or wrong.");

        port.IsTaken = true;
        Port = port;
        _peerApplication = init.Name;
    }

    private void Add(AddRegionMessage message, FileDescriptor file)
    {
        PortPolicy policy = Port!.Identity.Policy;
        string? wrong = message switch
        {
            _ when message.Index != _regions.Count => $"announced region {message.Index} where {_regions.Count} is next",
            _ when message.Index >= MemifLimits.MaxRegions => $"announced more than {MemifLimits.MaxRegions} regions",
            { Size: 0 } => "announced an empty region",
            _ when message.Size > policy.MaxRegionBytes =>
                $"announced a region of {message.Size} bytes, more than {nameof(policy.MaxRegionBytes)} ({policy.MaxRegionBytes})",
            _ when TotalBytes + message.Size > policy.MaxTotalBytes =>
                $"announced more in all regions than {nameof(policy.MaxTotalBytes)} ({policy.MaxTotalBytes})",
            _ => null,
        };
        if (wrong is not null)
        {
            file.Dispose();
            throw Violation(wrong);
        }

        if (policy.Seals == MemifSealPolicy.Require && SharedRegion.CanGrow(file))
        {
            _growing = (message, file);
            SlowStep = new SlowStep(() => SharedRegion.StopGrowth(file), IsBounded: false);
            return;
        }

        Map(message, file);
    }

    internal override void Resume()
    {
        base.Resume();
        if (_growing is { } sealedNow)
        {
            _growing = null;
            Map(sealedNow.Message, sealedNow.File);
        }

        if (Link is not null)
            Send(new ConnectMessage(MessageType.Connected, Port!.Identity.InterfaceName).ToBytes());
    }

    private void Map(AddRegionMessage message, FileDescriptor file)
    {
        PortPolicy policy = Port!.Identity.Policy;
        bool isTrusted = policy.Seals != MemifSealPolicy.Require;
        SharedRegion region = SharedRegion.Map(file, message.Size, requireSeal: !isTrusted, policy.MaxRegionBytes);
        _regions.Add(region);
        if (!isTrusted && FileBytes > policy.MaxTotalBytes + ((ulong)_regions.Count * SharedRegion.LargestPage))
            throw Violation($"announced files over {nameof(policy.MaxTotalBytes)} ({policy.MaxTotalBytes}) together: {FileBytes} bytes");
        Send(ControlMessage.Ack());
        if (!region.IsSealed && policy.Seals == MemifSealPolicy.Warn)
            WarnOnce($"The peer can shrink its memory region {message.Index}, and end this process by it.");
    }

    private void WarnOnce(string warning)
    {
        if (!_hasWarned)
            Port!.Warn(warning);
        _hasWarned = true;
    }

    private ulong FileBytes => _regions.Aggregate(0UL, (sum, region) => sum + region.FileBytes);

    private ulong TotalBytes => _regions.Aggregate(0UL, (sum, region) => sum + region.Size);

    private void Add(AddRingMessage message, EventCounter @event)
    {
        List<RingOffer> direction = message.IsS2M ? _s2m : _m2s;
        int configured = message.IsS2M ? Port!.Identity.Geometry.RxQueues : Port!.Identity.Geometry.TxQueues;
        string name = message.IsS2M ? "client-to-server" : "server-to-client";
        string? wrong = message switch
        {
            _ when message.Index != direction.Count => $"announced {name} ring {message.Index} where {direction.Count} is next",
            _ when message.Index >= configured => $"announced more {name} rings than the {configured} that interface id {Port.Identity.Id} has; configure both ends alike",
            _ when message.Log2Size > Port.Identity.Policy.MaxLog2RingSize =>
                $"announced a ring of 2^{message.Log2Size} slots, more than {nameof(MemifPortOptions.MaxRingSize)} (2^{Port.Identity.Policy.MaxLog2RingSize})",
            { PrivateHeaderSize: not 0 } => "wants private headers, which nobody supports",
            _ when message.Offset % 8 != 0 => $"placed a ring at offset {message.Offset}, which is no multiple of 8",
            _ => null,
        };
        if (wrong is not null)
        {
            @event.Dispose();
            throw Violation(wrong);
        }

        direction.Add(new RingOffer(message, @event));
    }

    private void Connect(ConnectMessage message)
    {
        if (_s2m.Count == 0 || _m2s.Count == 0)
            throw Violation("sent CONNECT without a ring in each direction");

        List<RingOffer> offers = [.. _s2m, .. _m2s];
        RingPlacement.Check(offers, _regions);
        int cacheLine = RingPlacement.InferCacheLine(offers);
        Ring[] s2m = [.. _s2m.Select(offer => Place(offer, cacheLine))];
        Ring[] m2s = [.. _m2s.Select(offer => Place(offer, cacheLine))];

        var generation = new Generation([.. _regions], [.. offers.Select(offer => offer.Event)]);
        RxWalk[] receive = [.. s2m.Select((ring, i) => new ServerRxWalk(generation, ring, new QueueSignal(ring, _s2m[i].Event), Port!.Identity.Policy.Malformed))];
        TxWalk[] transmit = [.. m2s.Select((ring, i) => new ServerTxWalk(generation, ring, new QueueSignal(ring, _m2s[i].Event)))];
        _regions.Clear();
        _s2m.Clear();
        _m2s.Clear();

        _done = true;
        Open(new Link(generation, receive, transmit, _peerApplication, message.InterfaceName));
    }

    private Ring Place(RingOffer offer, int cacheLine) =>
        new(_regions[offer.Message.Region], offer.Message.Offset, new RingLayout(offer.Message.Log2Size, cacheLine));
}
