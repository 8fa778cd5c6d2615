namespace ZMemif.Udp.Stack;

/// <summary>What one socket wants of a group.</summary>
internal sealed record GroupMembership(IDatagramSink Sink, GroupFilter Filter);
