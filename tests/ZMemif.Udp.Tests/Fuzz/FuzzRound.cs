using ZMemif.Udp.Stack;
using ZMemif.Udp.Tests.Stack;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Tests.Fuzz;

/// <summary>
/// A number of frames for hosts of all kinds. Each kind is there twice: both get the same frames, but with other bytes behind
/// their ends, so that one that reads past an end shows.
/// </summary>
internal sealed class FuzzRound
{
    private const int Behind = 128;
    private const int Scanners = 2500;

    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(1);

    private readonly FuzzRandom _random;
    private readonly FrameMaker _maker;
    private readonly byte[] _buffer = new byte[FrameMaker.MaxLength + Behind];
    private readonly (FuzzHost One, FuzzHost Twin, bool HasStations)[] _hosts =
    [
        Pair(() => new TestHost()),
        Pair(() => new TestHost(hasStations: false), hasStations: false),
        Pair(() => new TestHost(offloads: true)),
        Pair(() => new TestHost(isShared: true)),
        Pair(() => new TestHost(hasGateway: false, prefixLength: 16)),
    ];

    // The host for whom a series of frames is meant.
    private int _current;
    private int _length;
    private long _count;

    internal FuzzRound(ulong seed)
    {
        _random = new FuzzRandom(seed);
        _maker = new FrameMaker(_random);
    }

    /// <summary>How many frames died of this, on hosts of all kinds.</summary>
    internal long Drops(MemifDropReason reason) => _hosts.Sum(host => host.One.Counters.Drops(reason));

    internal long Delivered => _hosts.Sum(host => host.One.Counters.DatagramsDelivered);

    internal long Consumed => _hosts.Sum(host => host.One.Counters.FramesConsumed);

    /// <summary>Where it is, for whoever has to look for a fault.</summary>
    internal string Place => $"frame {_count} for host {_current}: {Convert.ToHexString(_buffer.AsSpan(0, Math.Min(_length, 200)))}";

    internal void Run(int frames)
    {
        for (; _count < frames; _count++)
        {
            if (!_maker.HasFollowing)
                PrepareNext();
            Step();
        }

        foreach (var (one, twin, _) in _hosts)
        {
            one.DrainAs(twin);
            one.AssertBalances();
            twin.AssertBalances();
        }
    }

    private static (FuzzHost One, FuzzHost Twin, bool HasStations) Pair(Func<TestHost> make, bool hasStations = true) =>
        (new FuzzHost(make()), new FuzzHost(make()), hasStations);

    private void Step()
    {
        var (one, twin, hasStations) = _hosts[_current];
        _length = _maker.Make(_buffer);
        Span<byte> frame = _buffer.AsSpan(0, _length)[(hasStations ? 0 : Math.Min(_length, EthernetFrame.HeaderLength))..];
        Span<byte> behind = _buffer.AsSpan(_length, Behind);
        _random.Fill(behind);
        one.Receive(frame);
        _random.Fill(behind);
        twin.Receive(frame);
        Pass(s_step);
    }

    private void Pass(TimeSpan time)
    {
        var (one, twin, _) = _hosts[_current];
        one.Pass(time);
        twin.Pass(time);
        if (one.Fates != twin.Fates)
            Assert.Fail("What lies behind the end of a frame has decided its fate.");
    }

    // What single frames do not bring about is arranged from time to time.
    private void PrepareNext()
    {
        _current = _random.Below(_hosts.Length);
        var (one, twin, _) = _hosts[_current];
        one.HasRoom = twin.HasRoom = !_random.Percent(2);
        switch (_random.Below(40_000))
        {
            case < 8:
                Pass(TimeSpan.FromSeconds(31));
                break;
            case < 40:
                one.DrainAs(twin);
                break;
            case < 60:
                _current = 0;
                StrangersAnswer();
                break;
            case 60:
                _current = _hosts.Length - 1;
                _maker.Enqueue(Enumerable.Range(256, Scanners).Select(i => Frames.Echo([], source: new Ipv4Address(0xC000_0000 + (uint)i * 7))));
                break;
        }
    }

    // Somebody unknown wants more answers than wait for him, and turns up when there is no room to send them.
    private void StrangersAnswer()
    {
        var (one, twin, _) = _hosts[_current];
        one.HasRoom = twin.HasRoom = true;
        Ipv4Address stranger = new(0xC000_0200 + 100 + (uint)_random.Below(100));
        byte[] echo = Frames.Echo([], source: stranger);
        for (int i = 0; i < NeighborCache.MaxParkedAnswers + 90; i++)
        {
            Both(echo);
            Pass(TimeSpan.FromMilliseconds(2)); // so many answers are not limited
        }

        one.HasRoom = twin.HasRoom = false;
        Both(Frames.Arp(ArpOperation.Reply, sender: stranger, to: Net.OwnMac));
        Pass(TimeSpan.FromSeconds(150)); // nobody remembers him

        void Both(byte[] frame)
        {
            one.Receive(frame);
            twin.Receive(frame);
        }
    }
}
