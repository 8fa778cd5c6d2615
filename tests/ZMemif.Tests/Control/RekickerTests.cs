using Microsoft.Extensions.Time.Testing;
using ZMemif.Control;
using ZMemif.Tests.Peers;

namespace ZMemif.Tests.Control;

/// <summary>When somebody looks whether a peer has swallowed an event, on a clock that the test moves.</summary>
[Collection(nameof(Alone))]
public sealed class RekickerTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly RoundMarker _marker = new();
    private readonly ControlLoop _loop;
    private readonly Rekicker _rekicker;
    private Action? _duringTheLook;
    private bool _isLying;
    private bool _isWriting;
    private int _looks;

    public RekickerTests()
    {
        _loop = new ControlLoop(_time);
        _rekicker = new Rekicker(_loop, Look);
        _loop.Post(() => _loop.Add(_marker));
        _loop.Post(() => _loop.Add(_rekicker));
    }

    [Fact]
    public async Task NoEvent_NeverLooks()
    {
        await AdvanceAsync(TimeSpan.FromDays(1));

        Assert.Equal(0, _looks);
    }

    [Fact]
    public async Task Schedule_PacketsWereTaken_LooksOnceAfterTwoMilliseconds()
    {
        await ScheduleAsync();
        await AdvanceAsync(TimeSpan.FromMilliseconds(1.9));
        Assert.Equal(0, _looks);

        await AdvanceAsync(TimeSpan.FromMilliseconds(0.1));
        Assert.Equal(1, _looks);

        await AdvanceAsync(TimeSpan.FromDays(1));
        Assert.Equal(1, _looks);
    }

    [Fact]
    public async Task Schedule_SomebodyIsWriting_LooksEveryTenMillisecondsAsLongAsItTakes()
    {
        _isWriting = true;
        await ScheduleAsync();
        await AdvanceAsync(TimeSpan.FromMilliseconds(2));

        for (int i = 2; i <= 100; i++)
        {
            await AdvanceAsync(TimeSpan.FromMilliseconds(10));
            Assert.Equal(i, _looks);
        }
    }

    [Fact]
    public async Task Schedule_PacketsLie_LooksEverMoreRarelyUntilTheyAreTaken()
    {
        _isLying = true;
        await ScheduleAsync();

        foreach (int wait in new[] { 2, 4, 8, 16, 32, 64, 128, 256, 512, 1000, 1000 })
        {
            int before = _looks;
            await AdvanceAsync(TimeSpan.FromMilliseconds(wait - 0.5));
            Assert.Equal(before, _looks);
            await AdvanceAsync(TimeSpan.FromMilliseconds(0.5));
            Assert.Equal(before + 1, _looks);
        }

        _isLying = false;
        await AdvanceAsync(TimeSpan.FromSeconds(1));
        await AdvanceAsync(TimeSpan.FromDays(1));
        Assert.Equal(12, _looks);
    }

    [Fact]
    public async Task Schedule_AgainWhileWaiting_DoesNotPutTheLookOff()
    {
        await ScheduleAsync();
        await AdvanceAsync(TimeSpan.FromMilliseconds(1.9));
        await ScheduleAsync();

        await AdvanceAsync(TimeSpan.FromMilliseconds(0.1));

        Assert.Equal(1, _looks);
    }

    [Fact]
    public async Task Schedule_AfterTheLastLook_BeginsWithTwoMillisecondsAgain()
    {
        _isLying = true;
        await ScheduleAsync();
        await AdvanceAsync(TimeSpan.FromMilliseconds(2));
        _isLying = false;
        await AdvanceAsync(TimeSpan.FromMilliseconds(4));
        Assert.Equal(2, _looks);

        await ScheduleAsync();
        await AdvanceAsync(TimeSpan.FromMilliseconds(2));

        Assert.Equal(3, _looks);
    }

    [Fact]
    public async Task Schedule_WhileLooksAreRare_BringsOneSoon()
    {
        _isLying = true;
        await ScheduleAsync();
        for (int wait = 2; wait <= 256; wait *= 2)
            await AdvanceAsync(TimeSpan.FromMilliseconds(wait));
        int before = _looks;

        await ScheduleAsync();
        await AdvanceAsync(TimeSpan.FromMilliseconds(9.9));
        Assert.Equal(before, _looks);
        await AdvanceAsync(TimeSpan.FromMilliseconds(0.1));

        Assert.Equal(before + 1, _looks);
    }

    [Fact]
    public async Task Schedule_DuringTheLook_IsNotForgotten()
    {
        _duringTheLook = _rekicker.Schedule;
        await ScheduleAsync();

        await AdvanceAsync(TimeSpan.FromMilliseconds(2));
        await AdvanceAsync(TimeSpan.FromMilliseconds(2));

        Assert.Equal(2, _looks);
    }

    public async ValueTask DisposeAsync()
    {
        await _loop.InvokeAsync(() => _loop.Remove(_marker));
        _marker.Dispose();
        _loop.Stop();
        Assert.True(SpinWait.SpinUntil(() => ProcessCounts.Take().ControlThreads == 1, TimeSpan.FromSeconds(20)));
    }

    private RekickLook Look()
    {
        _looks++;
        Interlocked.Exchange(ref _duringTheLook, null)?.Invoke();
        return _isWriting ? RekickLook.Soon : _isLying ? RekickLook.Later : RekickLook.Never;
    }

    private async Task ScheduleAsync()
    {
        _rekicker.Schedule();
        await _marker.PassAsync();
    }

    private async Task AdvanceAsync(TimeSpan by)
    {
        _time.Advance(by);
        await _marker.PassAsync();
    }
}
