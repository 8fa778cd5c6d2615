using ZMemif.Control;
using ZMemif.Queues;

namespace ZMemif.Tests.Peers;

/// <summary>A port as the control channel sees one, which remembers what it was told.</summary>
internal sealed class FakePort(PortIdentity identity) : IControlPort
{
    public PortIdentity Identity => identity;

    public bool IsTaken { get; set; }

    internal Link? Link { get; private set; }

    internal List<MemifException> Downs { get; } = [];

    public void LinkUp(Link link) => Link = link;

    public void LinkDown(MemifException cause)
    {
        foreach (RxWalk walk in Link?.Receive ?? [])
            walk.Close();
        Link = null;
        Downs.Add(cause);
    }

    public void Trying(bool isTrying)
    {
    }

    internal List<string> Warnings { get; } = [];

    public void Warn(string warning) => Warnings.Add(warning);

    internal static FakePort Client(int txQueues = 1, int rxQueues = 1, int ringSize = 64) => new(new MemifPortOptions
    {
        Id = 3,
        Role = MemifRole.Client,
        TxQueues = txQueues,
        RxQueues = rxQueues,
        RingSize = ringSize,
        BufferSize = 256,
        Secret = "s3cret",
        Name = "if3",
    }.Validated("fake application"));
}
