using System.Text;

namespace ZMemif.Native;

/// <summary>
/// A <c>sockaddr_un</c>: a path, or an abstract name spelled <c>@name</c>. The length belongs to an abstract name:
/// it has neither terminator nor padding (unix(7)).
/// </summary>
internal sealed class UnixAddress
{
    /// <summary><c>sun_path</c> holds 108 bytes, one of which is a path's terminator or an abstract name's leading zero.</summary>
    internal const int MaxNameBytes = 107;

    private UnixAddress(string text, bool isAbstract, byte[] bytes)
    {
        Text = text;
        IsAbstract = isAbstract;
        Bytes = bytes;
    }

    /// <summary>As the user wrote it.</summary>
    internal string Text { get; }

    internal bool IsAbstract { get; }

    internal byte[] Bytes { get; }

    /// <exception cref="ArgumentException">The text is empty, too long, or contains a zero character.</exception>
    internal static UnixAddress Parse(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        bool isAbstract = text[0] == '@';
        byte[] name = Encoding.UTF8.GetBytes(isAbstract ? text[1..] : text);
        if (name.Length is 0 or > MaxNameBytes || name.Contains((byte)0))
        {
            throw new ArgumentException(
                $"'{text}' cannot be a socket address: a path or an @abstract name has 1 to {MaxNameBytes} bytes and no zero byte.",
                nameof(text));
        }

        byte[] bytes = new byte[2 + name.Length + 1];
        BitConverter.TryWriteBytes(bytes, (ushort)Libc.AF_UNIX);
        name.CopyTo(bytes, isAbstract ? 3 : 2);
        return new UnixAddress(text, isAbstract, bytes);
    }
}
