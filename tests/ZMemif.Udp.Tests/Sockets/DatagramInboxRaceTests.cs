using System.Net.Sockets;
using ZMemif.Udp.Sockets;
using ZMemif.Udp.Stack;

namespace ZMemif.Udp.Tests.Sockets;

/// <summary>Whoever comes first, no datagram is lost, doubled or handed to two.</summary>
public sealed class DatagramInboxRaceTests
{
    private const int Rounds = 20_000;

    /// <summary>In units of a spinning thread's pause; some ten microseconds.</summary>
    private const int MaxHeadStart = 400;

    private readonly DatagramInbox _inbox = new();

    [Fact]
    public void CancelAndComplete_AtTheSameMoment_TheDatagramHasOneOwner()
    {
        CancellationTokenSource? cancellation = null;
        RaceAgainst(
            round => cancellation!.Cancel(),
            race: round =>
            {
                cancellation = new CancellationTokenSource();
                Task<QueuedDatagram> pending = _inbox.TakeAsync(cancellation.Token).AsTask();
                return () =>
                {
                    Assert.Null(_inbox.Deliver(round));
                    return () =>
                    {
                        try
                        {
                            Assert.Equal(round, InboxDriver.NumberIn(pending.GetAwaiter().GetResult()));
                        }
                        catch (OperationCanceledException)
                        {
                            Assert.Equal(round, _inbox.TakeNumber());
                        }

                        Assert.Null(_inbox.TakeNumber());
                        cancellation.Dispose();
                    };
                };
            });
    }

    [Fact]
    public void CloseAndDeliver_AtTheSameMoment_TheDatagramIsCountedOnce()
    {
        DatagramInbox inbox = null!;
        int unread = 0;
        RaceAgainst(
            round => unread = inbox.Close(),
            race: round =>
            {
                inbox = new DatagramInbox();
                return () =>
                {
                    MemifDropReason? refused = inbox.Deliver(round);
                    return () => Assert.Equal(refused is null ? 1 : 0, unread);
                };
            });
    }

    [Fact]
    public void CloseAndTake_AtTheSameMoment_NobodyWaitsForEver()
    {
        DatagramInbox inbox = null!;
        RaceAgainst(
            round => inbox.Close(),
            race: round =>
            {
                inbox = new DatagramInbox();
                return () =>
                {
                    SocketError error = inbox.Take(Timeout.Infinite, out _);
                    return () => Assert.Equal(SocketError.Interrupted, error);
                };
            });
    }

    [Fact]
    public void TimeOutAndDeliver_AtTheSameMoment_TheDatagramHasOneOwner()
    {
        RaceAgainst(
            round => Assert.Null(_inbox.Deliver(round)),
            race: round => () =>
            {
                SocketError error = _inbox.Take(0, out QueuedDatagram datagram);
                return () =>
                {
                    int? number = error == SocketError.Success ? InboxDriver.NumberIn(datagram) : _inbox.TakeNumber();
                    Assert.Equal(round, number);
                    Assert.Null(_inbox.TakeNumber());
                };
            });
    }

    [Fact]
    public void TakersOfBothKinds_UnderLoad_GetEveryDatagramOnce()
    {
        const int Takers = 4;
        int[] seen = new int[Rounds];
        Thread[] threads = [.. Enumerable.Range(0, Takers).Select(i => new Thread(() => TakeAll(i % 2 == 0, seen)))];
        Array.ForEach(threads, thread => thread.Start());

        for (int i = 0; i < Rounds; i++)
        {
            while (_inbox.Deliver(i) is not null)
                Thread.Yield();
        }

        while (Volatile.Read(ref seen[^1]) == 0 || seen.Contains(0))
            Thread.Yield();
        _inbox.Close();
        Array.ForEach(threads, thread => thread.Join());

        Assert.DoesNotContain(seen, count => count != 1);
    }

    private void TakeAll(bool isAsync, int[] seen)
    {
        while (true)
        {
            QueuedDatagram datagram;
            if (isAsync)
            {
                try
                {
                    datagram = _inbox.TakeAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
                }
                catch (SocketException)
                {
                    return;
                }
            }
            else if (_inbox.Take(Timeout.Infinite, out datagram) != SocketError.Success)
            {
                return;
            }

            Interlocked.Increment(ref seen[InboxDriver.NumberIn(datagram)]);
        }
    }

    /// <summary>
    /// Runs two things at the same moment, again and again: <paramref name="rival"/> on another thread, with a head start
    /// that differs from round to round, and what <paramref name="race"/> prepared on this one; that returns how to judge
    /// when both are over.
    /// </summary>
    private static void RaceAgainst(Action<int> rival, Func<int, Func<Action>> race)
    {
        using var gate = new Barrier(2);
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            for (int round = 0; round < Rounds; round++)
            {
                gate.SignalAndWait();
                try
                {
                    rival(round);
                }
                catch (Exception e)
                {
                    failure = e;
                }

                gate.SignalAndWait();
            }
        });
        thread.Start();
        for (int round = 0; round < Rounds; round++)
        {
            Func<Action> run = race(round);
            gate.SignalAndWait();
            Thread.SpinWait(round % MaxHeadStart);
            Action judge = run();
            gate.SignalAndWait();
            if (failure is null)
                judge();
        }

        thread.Join();
        Assert.Null(failure);
    }
}
