namespace ZMemif.Control;

/// <summary>When it is worth looking again after a look at the rings on which events were written.</summary>
internal enum RekickLook
{
    /// <summary>All packets were taken, and nobody writes.</summary>
    Never,

    /// <summary>Packets lie.</summary>
    Later,

    /// <summary>Somebody is writing an event, and the peer may make him wait.</summary>
    Soon,
}
