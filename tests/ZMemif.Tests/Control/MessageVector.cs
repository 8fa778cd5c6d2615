using System.Globalization;

namespace ZMemif.Tests.Control;

/// <summary>Reads the notation of the protocol reference's test vectors: hex, and <c>..N</c> for N zero bytes; the rest is zero.</summary>
internal static class MessageVector
{
    internal static byte[] Parse(string vector)
    {
        IEnumerable<byte> bytes = vector.Split(' ').SelectMany(part => part.StartsWith("..", StringComparison.Ordinal)
            ? new byte[int.Parse(part[2..], CultureInfo.InvariantCulture)]
            : Convert.FromHexString(part));
        byte[] message = new byte[128];
        bytes.ToArray().CopyTo(message, 0);
        return message;
    }
}
