using System.Buffers.Binary;
using ZMemif.Udp.Tests.Stack;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Tests.Fuzz;

/// <summary>Small changes of a frame, most of them where they matter.</summary>
internal static class FrameMutations
{
    private static readonly ushort[] s_numbers = [0, 1, 7, 8, 12, 19, 20, 27, 28, 29, 68, 576, 1500, 0x1FFF, 0x2000, 0x3FFF, 0x4000, 0x7FFF, 0x8000, 0xFFFE, 0xFFFF];
    private static readonly ushort[] s_ports = [0, 7, 8, 9, 99, 5000, 65535];
    private static readonly byte[] s_protocols = [0, 1, 2, 6, 17, 17, 41, 255];
    private static readonly ushort[] s_types = [0x0800, 0x0806, 0x8100, 0x86DD, 0x0026];

    private static readonly Ipv4Address[] s_addresses =
    [
        Net.Own, Net.Neighbor, Net.Gateway, Net.Outside, Net.DirectedBroadcast, Net.Group, FuzzSeeds.SourceGroup, Ipv4Address.Any, Ipv4Address.Broadcast,
        Ipv4Address.Loopback, Ipv4Address.Parse("224.0.0.1"), Ipv4Address.Parse("240.0.0.1"), Ipv4Address.Parse("239.9.9.9"), Ipv4Address.Parse("192.0.2.10"),
    ];

    private static readonly byte[][] s_options =
    [
        [1, 1, 1, 1], [0x94, 4, 0, 0], [7, 7, 4, 0, 0, 0, 0, 0], [0x83, 3, 4, 0], [0x89, 7, 4, 192, 0, 2, 3, 0], [7, 0, 0, 0], [0x44, 40, 5, 0],
    ];

    /// <summary>Changes the frame.</summary>
    /// <param name="buffer">Where it lies, with room behind it.</param>
    /// <param name="length">Its length.</param>
    /// <param name="random">Decides.</param>
    /// <returns>Its length afterwards.</returns>
    internal static int Apply(Span<byte> buffer, int length, FuzzRandom random)
    {
        int kind = random.Below(16);
        if (kind >= 13)
            return Resize(buffer, length, random);
        if (length < Frames.PayloadStart + UdpPacket.HeaderLength)
            return length;
        if (kind == 12)
            return InsertOptions(buffer, length, random.Of(s_options));
        Change(buffer[..length], kind, random);
        return length;
    }

    private static void Change(Span<byte> frame, int kind, FuzzRandom random)
    {
        Span<byte> ip = frame[Frames.IpStart..];
        switch (kind)
        {
            case 0:
                frame[random.Below(frame.Length)] = (byte)random.Next();
                break;
            case 1 or 2:
                frame[random.Below(Math.Min(frame.Length, 60))] ^= (byte)(1 << random.Below(8));
                break;
            case 3:
                Write(frame, 2 * random.Below(Math.Min(frame.Length, 80) / 2), random.Of(s_numbers));
                break;
            case 4:
                AnyAddress(random).Write(ip[12..]);
                break;
            case 5:
                AnyAddress(random).Write(ip[16..]);
                break;
            case 6 or 7:
                Write(frame, Frames.IpStart + 4, (ushort)random.Below(4));
                Write(frame, Frames.IpStart + 6, (ushort)(random.Below(2) * 0x2000 + random.Below(6)));
                break;
            case 8:
                Write(frame, Frames.PayloadStart + (2 * random.Below(2)), random.Of(s_ports));
                break;
            case 9:
                ip[9] = random.Of(s_protocols);
                break;
            case 10:
                (random.Percent(50) ? Net.OtherMac : MacAddress.Broadcast).Write(frame);
                break;
            default:
                Write(frame, 12, random.Of(s_types));
                break;
        }
    }

    private static int Resize(Span<byte> buffer, int length, FuzzRandom random)
    {
        int wanted = random.Percent(50) ? random.Below(length + 1) : length + random.Below(40);
        if (wanted > length)
            random.Fill(buffer[length..wanted]);
        return wanted;
    }

    private static int InsertOptions(Span<byte> buffer, int length, byte[] options)
    {
        buffer[Frames.PayloadStart..length].CopyTo(buffer[(Frames.PayloadStart + options.Length)..]);
        options.CopyTo(buffer[Frames.PayloadStart..]);
        buffer[Frames.IpStart] = (byte)(0x45 + (options.Length / 4));
        return length + options.Length;
    }

    // Rarely it is one that nobody has thought of.
    private static Ipv4Address AnyAddress(FuzzRandom random) => random.Percent(95) ? random.Of(s_addresses) : new Ipv4Address((uint)random.Next());

    private static void Write(Span<byte> frame, int offset, ushort value) => BinaryPrimitives.WriteUInt16BigEndian(frame[offset..], value);
}
