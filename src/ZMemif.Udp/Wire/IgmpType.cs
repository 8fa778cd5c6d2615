namespace ZMemif.Udp.Wire;

/// <summary>The type of an IGMP message (RFC 3376 §4, RFC 2236 §2.1, RFC 1112).</summary>
internal enum IgmpType : byte
{
    MembershipQuery = 0x11,
    ReportV1 = 0x12,
    ReportV2 = 0x16,
    LeaveV2 = 0x17,
    ReportV3 = 0x22,
}
