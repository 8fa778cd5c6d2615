using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.Versioning;
using ZMemif.Udp.Sockets;

namespace ZMemif.Udp;

/// <content>
/// Options by the framework's names and by Linux's numbers. What has an effect in Linux has it here or is refused with
/// <see cref="SocketError.OperationNotSupported"/>; what Linux only stores is stored.
/// </content>
public partial class MemifDatagramSocket
{
    private const int LingerLength = 2 * sizeof(int);

    /// <summary>Changes an option.</summary>
    /// <exception cref="SocketException">
    /// <see cref="SocketError.OperationNotSupported"/>: a UDP socket has no such option; <see cref="SocketError.ProtocolOption"/>: it
    /// cannot be changed; <see cref="SocketError.InvalidArgument"/>: not to this value.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The socket is closed.</exception>
    public void SetSocketOption(SocketOptionLevel optionLevel, SocketOptionName optionName, int optionValue)
    {
        ThrowIfDisposed();
        Throw(FrameworkOptions.Set(_endpoint, optionLevel, optionName, optionValue));
    }

    /// <inheritdoc cref="SetSocketOption(SocketOptionLevel, SocketOptionName, int)"/>
    public void SetSocketOption(SocketOptionLevel optionLevel, SocketOptionName optionName, bool optionValue) =>
        SetSocketOption(optionLevel, optionName, optionValue ? 1 : 0);

    /// <summary>Changes an option to what its bytes in memory say: a number, or one of Linux' structures.</summary>
    /// <inheritdoc cref="SetSocketOption(SocketOptionLevel, SocketOptionName, int)"/>
    public void SetSocketOption(SocketOptionLevel optionLevel, SocketOptionName optionName, byte[] optionValue)
    {
        ThrowIfDisposed();
        if (optionValue is null)
            Throw(SocketError.Fault);
        else if (FrameworkOptions.IsStructure(optionLevel, optionName))
            Throw(MembershipOptions.Set(_endpoint, optionName, optionValue));
        else if (IsLinger(optionLevel, optionName))
            Throw(SetLinger(optionValue));
        else if (optionValue.Length < sizeof(int))
            Throw(SocketError.InvalidArgument);
        else
            SetSocketOption(optionLevel, optionName, BitConverter.ToInt32(optionValue));
    }

    /// <summary>Changes an option to a <see cref="LingerOption"/>, or joins and leaves the group of a <see cref="MulticastOption"/>.</summary>
    /// <exception cref="ArgumentException">The option takes no object of that kind.</exception>
    /// <inheritdoc cref="SetSocketOption(SocketOptionLevel, SocketOptionName, int)"/>
    public void SetSocketOption(SocketOptionLevel optionLevel, SocketOptionName optionName, object optionValue)
    {
        ThrowIfDisposed();
        ArgumentNullException.ThrowIfNull(optionValue);
        bool isMembership = optionLevel == SocketOptionLevel.IP && optionName is SocketOptionName.AddMembership or SocketOptionName.DropMembership;
        if (IsLinger(optionLevel, optionName) && optionValue is LingerOption { LingerTime: >= 0 and <= ushort.MaxValue } linger)
            _endpoint.Settings.Linger = (linger.Enabled, linger.LingerTime);
        else if (isMembership && optionValue is MulticastOption membership)
            Throw(MembershipOptions.Set(_endpoint, optionName == SocketOptionName.AddMembership, membership));
        else
            throw new ArgumentException($"{optionLevel}.{optionName} takes no {optionValue} here.", nameof(optionValue));
    }

    /// <summary>Reads an option.</summary>
    /// <returns>A number, or a <see cref="LingerOption"/>.</returns>
    /// <exception cref="SocketException">
    /// <see cref="SocketError.OperationNotSupported"/>: a UDP socket has no such option; <see cref="SocketError.ProtocolOption"/>: it
    /// cannot be read.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The socket is closed.</exception>
    public object? GetSocketOption(SocketOptionLevel optionLevel, SocketOptionName optionName)
    {
        ThrowIfDisposed();
        if (IsLinger(optionLevel, optionName))
            return LingerState;
        Throw(FrameworkOptions.Get(_endpoint, optionLevel, optionName, out int value));
        return value;
    }

    /// <summary>Reads an option as it lies in memory; what does not fit is cut.</summary>
    /// <inheritdoc cref="GetSocketOption(SocketOptionLevel, SocketOptionName)"/>
    public void GetSocketOption(SocketOptionLevel optionLevel, SocketOptionName optionName, byte[] optionValue)
    {
        ArgumentNullException.ThrowIfNull(optionValue);
        byte[] value = GetOptionBytes(optionLevel, optionName);
        value.AsSpan(0, Math.Min(value.Length, optionValue.Length)).CopyTo(optionValue);
    }

    /// <inheritdoc cref="GetSocketOption(SocketOptionLevel, SocketOptionName, byte[])"/>
    public byte[] GetSocketOption(SocketOptionLevel optionLevel, SocketOptionName optionName, int optionLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(optionLength);
        byte[] value = GetOptionBytes(optionLevel, optionName);
        return value[..Math.Min(value.Length, optionLength)];
    }

    /// <summary>Changes an option by Linux' numbers for its level and name; a number of four bytes, or for IP_… of one.</summary>
    /// <inheritdoc cref="SetSocketOption(SocketOptionLevel, SocketOptionName, int)"/>
    public void SetRawSocketOption(int optionLevel, int optionName, ReadOnlySpan<byte> optionValue)
    {
        ThrowIfDisposed();
        if ((optionLevel, optionName) == SocketOptionTable.Device)
        {
            Throw(SocketOptionTable.BindToDevice(optionValue));
            return;
        }

        if (SocketOptionTable.Find(optionLevel, optionName) is not { } option)
            throw new SocketException((int)SocketOptionTable.WhyNotSet(optionLevel));
        bool isByte = optionLevel == SocketOptionTable.IpLevel && optionValue.Length is > 0 and < sizeof(int);
        if (!isByte && optionValue.Length < sizeof(int))
            Throw(SocketError.InvalidArgument);
        Throw(option.Set(_endpoint, isByte ? optionValue[0] : BitConverter.ToInt32(optionValue)));
    }

    /// <summary>Reads an option by Linux' numbers for its level and name; what does not fit is cut.</summary>
    /// <returns>How many bytes were written.</returns>
    /// <inheritdoc cref="GetSocketOption(SocketOptionLevel, SocketOptionName)"/>
    public int GetRawSocketOption(int optionLevel, int optionName, Span<byte> optionValue)
    {
        ThrowIfDisposed();
        if (SocketOptionTable.Find(optionLevel, optionName) is not { } option)
            throw new SocketException((int)SocketError.OperationNotSupported);
        byte[] value = BitConverter.GetBytes(option.Get(_endpoint));
        int length = Math.Min(value.Length, optionValue.Length);
        value.AsSpan(0, length).CopyTo(optionValue);
        return length;
    }

    /// <summary>Asks for something that is no option.</summary>
    /// <param name="ioControlCode">Only <see cref="IOControlCode.DataToRead"/>: the length of the next datagram, as <see cref="Available"/>.</param>
    /// <param name="optionInValue">Not looked at.</param>
    /// <param name="optionOutValue">At least four bytes.</param>
    /// <returns>How many bytes were written.</returns>
    /// <exception cref="InvalidOperationException">For <see cref="IOControlCode.NonBlockingIO"/>, which is <see cref="Blocking"/>.</exception>
    /// <exception cref="PlatformNotSupportedException">What is asked for belongs to Windows.</exception>
    /// <exception cref="SocketException"><see cref="SocketError.Fault"/>: there is no room for the answer.</exception>
    public int IOControl(IOControlCode ioControlCode, byte[]? optionInValue, byte[]? optionOutValue)
    {
        ThrowIfDisposed();
        switch (ioControlCode)
        {
            case IOControlCode.NonBlockingIO:
                throw new InvalidOperationException("Use the property Blocking.");
            case IOControlCode.OobDataRead:
                throw new SocketException((int)SocketError.SocketError);
            case IOControlCode.DataToRead when optionOutValue is not { Length: >= sizeof(int) }:
                throw new SocketException((int)SocketError.Fault);
            case IOControlCode.DataToRead:
                BinaryPrimitives.WriteInt32LittleEndian(optionOutValue, Available);
                return sizeof(int);
            default:
                throw new PlatformNotSupportedException($"{ioControlCode} is a code of Windows.");
        }
    }

    /// <inheritdoc cref="IOControl(IOControlCode, byte[], byte[])"/>
    public int IOControl(int ioControlCode, byte[]? optionInValue, byte[]? optionOutValue) =>
        IOControl((IOControlCode)ioControlCode, optionInValue, optionOutValue);

    /// <summary>Not on Linux.</summary>
    /// <exception cref="ArgumentException">The level is <see cref="IPProtectionLevel.Unspecified"/>.</exception>
    /// <exception cref="PlatformNotSupportedException">Always otherwise.</exception>
    [SupportedOSPlatform("windows")]
    public void SetIPProtectionLevel(IPProtectionLevel level)
    {
        ThrowIfDisposed();
        if (level == IPProtectionLevel.Unspecified)
            throw new ArgumentException("Unspecified is no protection level to be set.", nameof(level));
        throw new PlatformNotSupportedException("Protection levels belong to Windows.");
    }

    private static bool IsLinger(SocketOptionLevel level, SocketOptionName name) =>
        (level, name) == (SocketOptionLevel.Socket, SocketOptionName.Linger);

    private static bool IsTimeout(SocketOptionLevel level, SocketOptionName name) =>
        level == SocketOptionLevel.Socket && name is SocketOptionName.ReceiveTimeout or SocketOptionName.SendTimeout;

    private int GetOption(SocketOptionLevel level, SocketOptionName name) => (int)GetSocketOption(level, name)!;

    private byte[] GetOptionBytes(SocketOptionLevel level, SocketOptionName name)
    {
        if (IsTimeout(level, name))
        {
            // struct timeval
            TimeSpan timeout = TimeSpan.FromMilliseconds(GetOption(level, name));
            long seconds = (long)timeout.TotalSeconds;
            return [.. BitConverter.GetBytes(seconds), .. BitConverter.GetBytes((long)timeout.TotalMicroseconds - (seconds * 1_000_000))];
        }

        if (!IsLinger(level, name))
            return BitConverter.GetBytes(GetOption(level, name));
        ThrowIfDisposed();
        (bool isOn, int linger) = _endpoint.Settings.Linger;
        return [.. BitConverter.GetBytes(isOn ? 1 : 0), .. BitConverter.GetBytes(linger)];
    }

    private SocketError SetLinger(byte[] structure)
    {
        if (structure.Length < LingerLength)
            return SocketError.InvalidArgument;
        _endpoint.Settings.Linger = (BitConverter.ToInt32(structure) != 0, BitConverter.ToInt32(structure, sizeof(int)));
        return SocketError.Success;
    }
}
