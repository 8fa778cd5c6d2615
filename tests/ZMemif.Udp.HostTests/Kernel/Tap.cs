using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace ZMemif.Udp.HostTests.Kernel;

/// <summary>
/// The user's end of a TAP device: what is written comes in on the kernel's interface, and what the kernel sends there
/// is read. One Ethernet frame per call, without a header before it. The device goes when this is disposed.
/// </summary>
internal sealed class Tap : IDisposable
{
    /// <summary>The longest frame: 65,535 bytes of IPv4 behind an Ethernet header.</summary>
    internal const int MaxFrameLength = 14 + ushort.MaxValue;

    // struct ifreq: a name of 16 bytes, then a union whose first two bytes are the flags; 40 bytes in all.
    private const int RequestLength = 40;
    private const int FlagsOffset = 16;
    private const nuint TUNSETIFF = 0x400454CA;
    private const ushort IFF_TAP = 0x0002;
    private const ushort IFF_NO_PI = 0x1000;

    private readonly SafeFileHandle _file;

    private Tap(SafeFileHandle file) => _file = file;

    /// <summary>Makes a device in the calling thread's network namespace.</summary>
    internal static Tap Open(string name)
    {
        byte[] request = new byte[RequestLength];
        Encoding.ASCII.GetBytes(name, request);
        BinaryPrimitives.WriteUInt16LittleEndian(request.AsSpan(FlagsOffset), IFF_TAP | IFF_NO_PI);
        SafeFileHandle file = File.OpenHandle("/dev/net/tun", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        try
        {
            Libc.Control(file, TUNSETIFF, request, $"TUNSETIFF of {name}");
            return new Tap(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Waits until there is a frame to read.</summary>
    /// <returns>False when <paramref name="stop"/> was signalled.</returns>
    internal bool WaitReadable(SafeFileHandle stop) => !Libc.WaitReadable(_file, stop).Second;

    /// <summary>Reads one frame.</summary>
    /// <returns>Its length in bytes.</returns>
    internal int Read(byte[] buffer) => Libc.Read(_file, buffer);

    /// <summary>Writes one frame, the first bytes of a buffer.</summary>
    internal void Write(byte[] buffer, int length) => Libc.Write(_file, buffer, length);

    public void Dispose() => _file.Dispose();
}
