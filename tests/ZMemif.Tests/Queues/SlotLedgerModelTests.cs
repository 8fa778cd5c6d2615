using CsCheck;
using ZMemif.Queues;

namespace ZMemif.Tests.Queues;

/// <summary>The ledger in random interleavings around the wrap of the counters, against a list of what is not back yet.</summary>
public sealed class SlotLedgerModelTests
{
    private static readonly Gen<(int Log2, int Start, (int Move, int Number)[] Moves)> Lives = Gen.Select(
        Gen.Int[0, 6], Gen.Int[65_400, 65_536], Gen.Select(Gen.Int[0, 3], Gen.Int[0, 70]).Array[0, 200]);

    [Fact]
    public void AnyInterleaving_GivesBackTheLongestFinishedRunAndNothingElse() =>
        Lives.Sample(life => new Model(1 << life.Log2, (ushort)life.Start).Run(life.Moves), iter: 2000);

    private sealed class Model
    {
        private readonly int _slots;
        private readonly SlotLedger _ledger;
        private readonly List<(SlotLoan? Loan, int Count)> _notBack = [];
        private readonly List<SlotLoan> _ended = [];
        private ushort _next;
        private ushort _back;

        internal Model(int slots, ushort start)
        {
            _slots = slots;
            _next = _back = start;
            _ledger = new SlotLedger(slots, GiveBack);
        }

        internal void Run((int Move, int Number)[] moves)
        {
            foreach ((int move, int number) in moves)
            {
                switch (move)
                {
                    case 0:
                        Take(number, isLoan: true);
                        break;
                    case 1:
                        Take(number, isLoan: false);
                        break;
                    case 2:
                        End(number);
                        break;
                    default:
                        EndAgain(number);
                        break;
                }

                Assert.Equal(_notBack.Sum(taken => taken.Count), _ledger.Open);
                Assert.Equal((ushort)(_next - _ledger.Open), _back);
            }
        }

        private void Take(int number, bool isLoan)
        {
            int free = _slots - _notBack.Sum(taken => taken.Count);
            if (free == 0)
                return;
            int count = 1 + (number % free);
            ushort first = _next;
            _next = (ushort)(_next + count);
            if (isLoan)
            {
                _notBack.Add((_ledger.Lend(first, count), count));
                return;
            }

            _notBack.Add((null, count));
            _ledger.Pass(first, count);
        }

        private void End(int number)
        {
            SlotLoan[] loans = [.. _notBack.Where(taken => taken.Loan is not null).Select(taken => taken.Loan!.Value)];
            if (loans.Length == 0)
                return;
            SlotLoan loan = loans[number % loans.Length];
            int place = _notBack.FindIndex(taken => taken.Loan == loan);
            _notBack[place] = (null, loan.Count);
            _ended.Add(loan);
            Assert.True(_ledger.TryReturn(loan));
        }

        private void EndAgain(int number)
        {
            if (_ended.Count > 0)
                Assert.False(_ledger.TryReturn(_ended[number % _ended.Count]));
        }

        // Everything up to the first loan that has not ended, and exactly that.
        private void GiveBack(ushort first, int count)
        {
            Assert.Equal(_back, first);
            int finished = 0;
            while (_notBack.Count > 0 && _notBack[0].Loan is null)
            {
                finished += _notBack[0].Count;
                _notBack.RemoveAt(0);
            }

            Assert.Equal(finished, count);
            _back = (ushort)(_back + count);
        }
    }
}
