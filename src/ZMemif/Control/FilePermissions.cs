namespace ZMemif.Control;

/// <summary>Mode and owner of a socket file; a null owner is left as it is.</summary>
internal sealed record FilePermissions(UnixFileMode Mode, uint? UserId, uint? GroupId);
