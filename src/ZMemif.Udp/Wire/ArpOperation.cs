namespace ZMemif.Udp.Wire;

/// <summary>The operation field of RFC 826. The wire may hold other values; they are kept as they are.</summary>
internal enum ArpOperation : ushort
{
    Request = 1,
    Reply = 2,
}
