namespace ZMemif.Control;

/// <summary>The configuration of a port as the handshake uses it.</summary>
internal sealed record PortIdentity(
    uint Id,
    MemifRole Role,
    MemifMode Mode,
    Secret Secret,
    string ApplicationName,
    string InterfaceName,
    PortGeometry Geometry,
    PortPolicy Policy);
