using System.Security.Cryptography;
using System.Text;

namespace ZMemif.Control;

/// <summary>
/// The 24-byte secret of INIT. Peers treat it as a C string, so it ends at the first zero byte; the rest of the field
/// is garbage with some of them and zero from us (§1.7). Compared in constant time.
/// </summary>
internal readonly struct Secret
{
    internal const int MaxBytes = 24;

    private readonly byte[]? _bytes;

    private Secret(byte[] bytes) => _bytes = bytes;

    internal bool IsEmpty => _bytes is null or { Length: 0 };

    /// <exception cref="ArgumentException">Longer than 24 bytes in UTF-8, or with a zero character.</exception>
    internal static Secret FromText(string? text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text ?? "");
        if (bytes.Length > MaxBytes || bytes.Contains((byte)0))
            throw new ArgumentException($"A memif secret has at most {MaxBytes} bytes and no zero byte.", nameof(text));
        return new Secret(bytes);
    }

    internal static Secret Read(ReadOnlySpan<byte> field)
    {
        int end = field.IndexOf((byte)0);
        return new Secret((end < 0 ? field : field[..end]).ToArray());
    }

    internal void Write(Span<byte> field) => _bytes?.CopyTo(field);

    internal bool Matches(Secret other) =>
        CryptographicOperations.FixedTimeEquals(_bytes ?? [], other._bytes ?? []);
}
