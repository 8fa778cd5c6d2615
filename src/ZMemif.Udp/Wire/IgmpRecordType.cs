namespace ZMemif.Udp.Wire;

/// <summary>What a group record of a version 3 report says (RFC 3376 §4.2.12).</summary>
internal enum IgmpRecordType : byte
{
    /// <summary>Answer to a query: only these sources are wanted.</summary>
    ModeIsInclude = 1,

    /// <summary>Answer to a query: all sources but these are wanted.</summary>
    ModeIsExclude = 2,

    /// <summary>From now on only these sources are wanted.</summary>
    ChangeToInclude = 3,

    /// <summary>From now on all sources but these are wanted.</summary>
    ChangeToExclude = 4,

    /// <summary>These sources are wanted in addition.</summary>
    AllowNewSources = 5,

    /// <summary>These sources are no longer wanted.</summary>
    BlockOldSources = 6,
}
