using System.Buffers.Binary;
using System.Text;
using ZMemif.Native;

namespace ZMemif.Control;

/// <summary>
/// What all control messages share: exactly 128 bytes, little-endian, packed, a u16 type first, zeroes after the last
/// field (§1.2). Text fields may fill their space without a terminator and hold any bytes.
/// </summary>
internal static class ControlMessage
{
    internal const int Bytes = 128;

    /// <summary>Major version 2, minor 0: the only version that any implementation speaks (§1.6).</summary>
    internal const ushort Version = 0x0200;

    internal static MessageType TypeOf(ReadOnlySpan<byte> message) =>
        (MessageType)BinaryPrimitives.ReadUInt16LittleEndian(message);

    /// <summary>A zeroed message of the given type.</summary>
    internal static byte[] Create(MessageType type)
    {
        byte[] message = new byte[Bytes];
        BinaryPrimitives.WriteUInt16LittleEndian(message, (ushort)type);
        return message;
    }

    internal static byte[] Ack() => Create(MessageType.Ack);

    /// <summary>A peer's text for people: up to the first zero, with everything that could forge a log line replaced.</summary>
    internal static string ReadText(ReadOnlySpan<byte> field)
    {
        int end = field.IndexOf((byte)0);
        return HarmlessText.Of(Encoding.UTF8.GetString(end < 0 ? field : field[..end]));
    }

    /// <summary>Writes as many whole characters as fit, leaving a terminating zero where C peers need one.</summary>
    internal static void WriteText(Span<byte> field, string text) =>
        Encoding.UTF8.GetEncoder().Convert(text, field[..^1], flush: false, out _, out _, out _);
}
