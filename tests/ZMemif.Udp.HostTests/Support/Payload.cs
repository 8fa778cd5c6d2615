namespace ZMemif.Udp.HostTests.Support;

/// <summary>Payloads whose every byte depends on the size and the place, so that a swapped, cut or stale one is noticed.</summary>
internal static class Payload
{
    /// <summary>The largest that fits one Ethernet frame: 1500 less an IPv4 and a UDP (or ICMP echo) header.</summary>
    internal const int Largest = 1472;

    internal static byte[] OfSize(int size)
    {
        byte[] payload = new byte[size];
        for (int i = 0; i < size; i++)
            payload[i] = (byte)(size * 131 + i * 7 + (i >> 8));
        return payload;
    }
}
