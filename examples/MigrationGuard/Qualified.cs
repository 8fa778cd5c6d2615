namespace MigrationGuard;

/// <summary>A full name means what it says.</summary>
internal static class Qualified
{
    internal static Type Client => typeof(System.Net.Sockets.UdpClient);
}
