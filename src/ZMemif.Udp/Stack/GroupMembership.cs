using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>What one socket wants of one group.</summary>
internal sealed record GroupMembership(IDatagramSink Sink, Ipv4Address Group, GroupFilter Filter);
