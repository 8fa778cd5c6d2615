namespace ZMemif.Control;

/// <summary>What came of one read of the control channel.</summary>
internal enum ChannelRead
{
    /// <summary>One whole message.</summary>
    Message,

    /// <summary>Nothing there now.</summary>
    Nothing,

    /// <summary>The peer is gone: end of file, or a reset, which is the same with unread data.</summary>
    Closed,
}
