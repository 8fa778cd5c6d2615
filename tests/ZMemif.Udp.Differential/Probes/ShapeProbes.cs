using System.Reflection;
using System.Runtime.CompilerServices;

namespace ZMemif.Udp.Differential;

/// <summary>What the framework's types hide, and what a program can still do with them.</summary>
internal static class ShapeProbes
{
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
    private const BindingFlags Every = Hidden | BindingFlags.Public;

    public static Probe[] Rows { get; } =
    [
        new("Z-001", "UnsafeAccessor ctor IPPacketInformation(IPAddress,int)", _ =>
        {
            IPPacketInformation information = Make(IPAddress.Loopback, 3);
            return $"{Name(information)} eq={information.Equals(Make(IPAddress.Loopback, 3))}";
        }),
        new("Z-002", "IPPacketInformation ctors/fields", _ => $"{string.Join(", ", typeof(IPPacketInformation).GetConstructors(Hidden).Select(constructor => constructor.ToString()))}"
            + $" | {Fields(typeof(IPPacketInformation))}"),
        new("Z-003", "SocketAsyncEventArgs private fields", _ => Fields(typeof(SocketAsyncEventArgs))),
        new("Z-004", "SocketAsyncEventArgs non-public methods",
            _ => string.Join(", ", typeof(SocketAsyncEventArgs).GetMethods(Hidden).Select(method => method.Name).Distinct())),
        new("Z-005", "Socket non-public ctor / sealed / virtuals", _ => $"sealed={typeof(Socket).IsSealed} virtual={Virtuals(typeof(Socket))}"),
        new("Z-006", "UdpClient virtuals / finalizer",
            _ => $"sealed={typeof(UdpClient).IsSealed} virtual={Virtuals(typeof(UdpClient))} finalizer={typeof(UdpClient).GetMethod("Finalize", Hidden) is not null}"),
        new("Z-007", "MulticastOption(g,ifindex) members usable publicly", _ =>
        {
            var option = new MulticastOption(IPAddress.Parse("239.0.0.1"), 5);
            return $"{option.Group} {Value(option.LocalAddress)} {option.InterfaceIndex}";
        }),
        new("Z-008", "MulticastOption(g).LocalAddress default", _ => Value(new MulticastOption(IPAddress.Parse("239.0.0.1")).LocalAddress)),
    ];

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    private static extern IPPacketInformation Make(IPAddress address, int networkInterface);

    private static string Fields(Type type) => string.Join(", ", type.GetFields(Hidden).Select(field => $"{field.FieldType.Name} {field.Name}"));

    private static string Virtuals(Type type) =>
        string.Join(",", type.GetMethods(Every).Where(method => method is { IsVirtual: true, IsFinal: false }).Select(method => method.Name).Order(StringComparer.Ordinal));
}
