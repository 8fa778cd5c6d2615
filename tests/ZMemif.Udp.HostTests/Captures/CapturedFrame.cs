using PacketDotNet;

namespace ZMemif.Udp.HostTests.Captures;

/// <summary>A frame that passed the cable.</summary>
/// <param name="Time">When.</param>
/// <param name="Sender">Who sent it.</param>
/// <param name="Bytes">From the Ethernet header on, without frame check sequence.</param>
internal sealed record CapturedFrame(DateTimeOffset Time, FrameSender Sender, byte[] Bytes)
{
    /// <summary>The part of the frame that is such a packet, or null.</summary>
    internal T? Find<T>()
        where T : Packet => Packet.ParsePacket(LinkLayers.Ethernet, Bytes).Extract<T>();
}
