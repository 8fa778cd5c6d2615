using System.Buffers.Binary;
using ZMemif.Udp.Tests.Stack;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Tests.Fuzz;

/// <summary>Makes frames without end, the same ones for the same seed.</summary>
internal sealed class FrameMaker(FuzzRandom random)
{
    /// <summary>As long as any frame gets.</summary>
    internal const int MaxLength = 70_000;

    private const int MaxRandomLength = 200;

    private readonly Queue<byte[]> _following = new();

    /// <summary>Puts frames that belong together in line; they come next, one by one.</summary>
    internal void Enqueue(IEnumerable<byte[]> frames)
    {
        foreach (byte[] frame in frames)
            _following.Enqueue(frame);
    }

    /// <summary>Whether frames that belong together are still to come.</summary>
    internal bool HasFollowing => _following.Count > 0;

    /// <summary>Writes a frame.</summary>
    /// <param name="buffer">Of <see cref="MaxLength"/> at least.</param>
    /// <returns>Its length.</returns>
    internal int Make(Span<byte> buffer)
    {
        if (_following.TryDequeue(out byte[]? following))
            return Put(following, buffer);
        if (random.Percent(3))
            return MakeRandom(buffer);
        if (random.Percent(3))
            return MakeFirstOfSeries(buffer);

        int length = Put(random.Of(FuzzSeeds.All), buffer);
        for (int changes = random.Below(4); changes > 0; changes--)
            length = FrameMutations.Apply(buffer, length, random);
        Mend(buffer[..length]);
        return length;
    }

    /// <summary>Writes another identification into a good fragment.</summary>
    internal static byte[] WithIdentification(byte[] fragment, ushort identification)
    {
        byte[] copy = [.. fragment];
        BinaryPrimitives.WriteUInt16BigEndian(copy.AsSpan(Frames.IpStart + 4), identification);
        return Frames.WithIpChecksum(copy);
    }

    private static int Put(byte[] frame, Span<byte> buffer)
    {
        frame.CopyTo(buffer);
        return frame.Length;
    }

    // Fragments in any order, one of them perhaps twice, or damaged, or lost.
    private int MakeFirstOfSeries(Span<byte> buffer)
    {
        ushort identification = (ushort)random.Next();
        List<byte[]> series = [.. random.Of(FuzzSeeds.Series).Select(fragment => WithIdentification(fragment, identification))];
        for (int i = series.Count - 1; i > 0; i--)
        {
            int other = random.Below(i + 1);
            (series[i], series[other]) = (series[other], series[i]);
        }

        int one = random.Below(series.Count);
        switch (random.Below(6))
        {
            case 0:
                series.Insert(one, series[random.Below(series.Count)]);
                break;
            case 1:
                series[one] = Frames.With([.. series[one]], Frames.PayloadStart + random.Below(series[one].Length - Frames.PayloadStart), 0xEE);
                break;
            case 2:
                series.RemoveAt(one);
                break;
        }

        Enqueue(series.Skip(1));
        return Put(series[0], buffer);
    }

    private int MakeRandom(Span<byte> buffer)
    {
        int length = random.Below(MaxRandomLength);
        random.Fill(buffer[..length]);
        if (length > EthernetFrame.HeaderLength && random.Percent(70))
            Frames.Ethernet(random.Percent(60) ? EtherType.IPv4 : EtherType.Arp, []).CopyTo(buffer);
        return length;
    }

    private void Mend(Span<byte> frame)
    {
        if (random.Percent(75))
            FrameRepair.Lengths(frame);
        if (random.Percent(85))
            FrameRepair.Message(frame);
        if (random.Percent(90))
            FrameRepair.Header(frame);
    }
}
