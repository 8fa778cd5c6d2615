using CsCheck;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Tests.Wire;

public class InternetChecksumTests
{
    [Fact]
    public void Fold_ExampleOfRfc1071_GivesItsSum()
    {
        // RFC 1071 §3.
        ReadOnlySpan<byte> bytes = [0x00, 0x01, 0xF2, 0x03, 0xF4, 0xF5, 0xF6, 0xF7];

        ulong sum = InternetChecksum.Sum(bytes);

        Assert.Equal(0xDDF2, InternetChecksum.Fold(sum));
        Assert.Equal(0x220D, InternetChecksum.Finish(sum));
    }

    [Fact]
    public void Sum_AnyBytesAtAnyOffset_AgreesWithScalarTwin() =>
        Gen.Select(Gen.Byte.Array[0, 4000], Gen.Int[0, 40]).Sample((bytes, offset) =>
        {
            var data = bytes.AsSpan(Math.Min(offset, bytes.Length));
            return InternetChecksum.Fold(InternetChecksum.Sum(data)) == ScalarChecksum.Sum(data);
        });

    [Theory]
    [InlineData(0x00)]
    [InlineData(0x01)]
    [InlineData(0x7F)]
    [InlineData(0xFF)]
    public void Sum_OneByteRepeated_AgreesWithScalarTwinAtEveryLength(byte value)
    {
        var bytes = Enumerable.Repeat(value, 600).ToArray();
        for (int length = 0; length <= bytes.Length; length++)
        {
            var data = bytes.AsSpan(0, length);
            Assert.Equal(ScalarChecksum.Sum(data), InternetChecksum.Fold(InternetChecksum.Sum(data)));
        }
    }

    [Fact]
    public void Sum_LongestDatagramOfOnes_CarriesNothingAway()
    {
        var bytes = Enumerable.Repeat((byte)0xFF, ushort.MaxValue).ToArray();

        Assert.Equal(ScalarChecksum.Sum(bytes), InternetChecksum.Fold(InternetChecksum.Sum(bytes)));
    }

    [Fact]
    public void Sum_OfCornerBytes_AgreesWithScalarTwin() =>
        Any.CornerBytes.Sample(bytes => InternetChecksum.Fold(InternetChecksum.Sum(bytes)) == ScalarChecksum.Sum(bytes));

    [Fact]
    public void Sum_InitialSumOfEvenLength_ContinuesIt() =>
        Gen.Select(Any.Payload, Gen.Int[0, 700]).Sample((bytes, pairs) =>
        {
            int split = Math.Min(pairs * 2, bytes.Length & ~1);
            ulong sum = InternetChecksum.Sum(bytes.AsSpan(split), InternetChecksum.Sum(bytes.AsSpan(0, split)));
            return InternetChecksum.Fold(sum) == ScalarChecksum.Sum(bytes);
        });

    [Fact]
    public void CopyAndSum_AnyBytes_CopiesThemAndNothingElse() =>
        Gen.Select(Gen.Byte.Array[0, 4000], Gen.Int[0, 40]).Sample((bytes, offset) =>
        {
            var source = bytes.AsSpan(Math.Min(offset, bytes.Length));
            var destination = new byte[source.Length + 32];
            destination.AsSpan().Fill(0xA5);

            ulong sum = InternetChecksum.CopyAndSum(source, destination);

            Assert.Equal(ScalarChecksum.Sum(source), InternetChecksum.Fold(sum));
            Assert.True(destination.AsSpan(0, source.Length).SequenceEqual(source));
            Assert.Equal(-1, destination.AsSpan(source.Length).IndexOfAnyExcept((byte)0xA5));
        });

    [Theory]
    [InlineData(0x00)]
    [InlineData(0xFF)]
    public void CopyAndSum_OneByteRepeated_AgreesWithScalarTwinAtEveryLength(byte value)
    {
        var bytes = Enumerable.Repeat(value, 600).ToArray();
        var copy = new byte[bytes.Length];
        for (int length = 0; length <= bytes.Length; length++)
        {
            var data = bytes.AsSpan(0, length);
            Assert.Equal(ScalarChecksum.Sum(data), InternetChecksum.Fold(InternetChecksum.CopyAndSum(data, copy)));
            Assert.True(copy.AsSpan(0, length).SequenceEqual(data));
        }
    }

    [Fact]
    public void CopyAndSum_DestinationTooShort_ThrowsAndWritesNothing()
    {
        var source = Enumerable.Repeat((byte)0xFF, 64).ToArray();
        var destination = new byte[63];

        Assert.Throws<ArgumentOutOfRangeException>(() => InternetChecksum.CopyAndSum(source, destination));

        Assert.All(destination, value => Assert.Equal(0, value));
    }

    [Theory]
    [InlineData(63)]
    [InlineData(1471)]
    public async Task CopyAndSum_SourceChangesMeanwhile_SumIsOfTheCopy(int length)
    {
        const int Copies = 20_000;
        var source = new byte[length];
        var copy = new byte[source.Length];
        using var done = new CancellationTokenSource();
        var scribbling = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var scribbler = Task.Run(() =>
        {
            scribbling.SetResult();
            for (byte value = 0; !done.IsCancellationRequested; value++)
                source.AsSpan().Fill(value);
        }, TestContext.Current.CancellationToken);

        await scribbling.Task;
        int wrong = 0;
        try
        {
            for (int i = 0; i < Copies; i++)
            {
                ulong sum = InternetChecksum.CopyAndSum(source, copy);
                if (InternetChecksum.Fold(sum) != InternetChecksum.Fold(InternetChecksum.Sum(copy)))
                    wrong++;
            }
        }
        finally
        {
            await done.CancelAsync();
            await scribbler;
        }

        Assert.Equal(0, wrong);
    }

    [Fact]
    public void Combine_TwoPiecesSplitAnywhere_SumsTheWhole() =>
        Gen.Select(Any.Payload, Gen.Int[0, 1472]).Sample((bytes, at) =>
        {
            int split = Math.Min(at, bytes.Length);
            ulong first = InternetChecksum.Sum(bytes.AsSpan(0, split));
            ulong second = InternetChecksum.Sum(bytes.AsSpan(split));
            return InternetChecksum.Fold(InternetChecksum.Combine(first, split, second)) == ScalarChecksum.Sum(bytes);
        });

    [Fact]
    public void Combine_ChainOfPieces_SumsTheWhole() =>
        Any.CornerBytes.Array[0, 12].Sample(pieces =>
        {
            ulong sum = 0;
            int length = 0;
            foreach (var piece in pieces)
            {
                sum = InternetChecksum.Combine(sum, length, InternetChecksum.Sum(piece));
                length += piece.Length;
            }

            return InternetChecksum.Fold(sum) == ScalarChecksum.Sum(pieces.SelectMany(piece => piece).ToArray());
        });

    [Fact]
    public void Add_AnyOrder_GivesTheSameSum() =>
        Gen.Select(Gen.ULong, Gen.ULong, Gen.ULong).Sample((a, b, c) =>
        {
            ulong sum = InternetChecksum.Add(InternetChecksum.Add(a, b), c);
            return sum == InternetChecksum.Add(InternetChecksum.Add(c, b), a);
        });

    [Fact]
    public void FromNumbers_Fields_SumLikeTheirBytes() =>
        Gen.UInt.Array[0, 20].Sample(fields =>
        {
            var bytes = fields.SelectMany(field => new[] { (byte)(field >> 24), (byte)(field >> 16), (byte)(field >> 8), (byte)field }).ToArray();
            ulong numbers = fields.Aggregate(0UL, (sum, field) => sum + field);
            return InternetChecksum.Fold(InternetChecksum.FromNumbers(numbers)) == ScalarChecksum.Sum(bytes);
        });

    [Fact]
    public void IsValid_DataThatIncludesItsChecksum_IsTrueUntilABitFlips() =>
        Gen.Select(Gen.Byte.Array[1, 200], Gen.Int).Sample((bytes, random) =>
        {
            ushort checksum = InternetChecksum.Finish(InternetChecksum.Sum(bytes));
            byte[] pad = bytes.Length % 2 == 0 ? [] : [0];
            byte[] whole = [.. bytes, .. pad, (byte)(checksum >> 8), (byte)checksum];
            Assert.True(InternetChecksum.IsValid(InternetChecksum.Sum(whole)));

            int bit = (random & int.MaxValue) % (whole.Length * 8);
            whole[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(InternetChecksum.IsValid(InternetChecksum.Sum(whole)));
        });
}
