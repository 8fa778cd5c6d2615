using System.Net.Sockets;

namespace MigrationGuard;

/// <summary>As most files are: the alias beats the namespace.</summary>
internal static class Migrated
{
    internal static Type Client => typeof(UdpClient);

    internal static AddressFamily Family => AddressFamily.InterNetwork;
}
