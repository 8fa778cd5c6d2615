namespace MigrationGuard;

#pragma warning disable IDE0065 // Where it stands is the point.
using System.Net.Sockets;
#pragma warning restore IDE0065

/// <summary>What is imported within a namespace is nearer than the alias.</summary>
internal static class Nested
{
    internal static Type Client => typeof(UdpClient);
}
