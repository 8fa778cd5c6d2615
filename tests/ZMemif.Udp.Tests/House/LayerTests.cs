using System.Reflection;

namespace ZMemif.Udp.Tests.House;

/// <summary>The arrow of the structure: who may use whom, read from the built assemblies.</summary>
public sealed class LayerTests
{
    // Words that every layer may speak: they are data without behaviour, though they stand in the public root.
    private static readonly HashSet<string> s_vocabulary =
        ["MemifRole", "MemifMode", "MemifErrorCode", "MemifException", "MemifLimits", "MemifSealPolicy", "MemifMalformedPolicy", "MemifDropReason", "MemifDatagram", "MemifEndPoint"];

    private static readonly Dictionary<string, string[]> s_mayUse = new()
    {
        ["ZMemif.Native"] = [],
        ["ZMemif.Memory"] = ["ZMemif.Native"],
        ["ZMemif.Queues"] = ["ZMemif.Native", "ZMemif.Memory"],
        ["ZMemif.Control"] = ["ZMemif.Native", "ZMemif.Memory", "ZMemif.Queues"],
        ["ZMemif"] = ["ZMemif.Native", "ZMemif.Memory", "ZMemif.Queues", "ZMemif.Control"],
        ["ZMemif.Udp.Wire"] = [],
        ["ZMemif.Udp.Diagnostics"] = [],
        ["ZMemif.Udp.Link"] = ["ZMemif"],
        ["ZMemif.Udp.Stack"] = ["ZMemif.Udp.Wire", "ZMemif.Udp.Diagnostics", "ZMemif.Udp.Link"],
        ["ZMemif.Udp.Sockets"] = ["ZMemif.Udp.Wire", "ZMemif.Udp.Diagnostics", "ZMemif.Udp.Stack"],
        ["ZMemif.Udp"] = ["ZMemif.Udp.Wire", "ZMemif.Udp.Diagnostics", "ZMemif.Udp.Link", "ZMemif.Udp.Stack", "ZMemif.Udp.Sockets", "ZMemif"],
    };

    private const BindingFlags AllDeclared =
        BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    public static TheoryData<string> Layers => [.. s_mayUse.Keys];

    [Theory]
    [MemberData(nameof(Layers))]
    public void Layer_UsesOnlyWhatTheArrowAllows(string layer)
    {
        string[] allowed = s_mayUse[layer];
        IEnumerable<string> forbidden =
            from type in TypesOf(layer)
            from used in TypeReferences.Of(type)
            where IsOurs(used) && used.Namespace != layer && !allowed.Contains(used.Namespace)
            where !s_vocabulary.Contains(used.Name) && !IsLinkOptions(layer, used) && !IsDescriptor(layer, used)
            select $"{type.FullName} uses {used.FullName}";

        Assert.Empty(forbidden.Distinct().Order());
    }

    [Fact]
    public void Namespaces_AllHaveAPlaceInTheArrow() =>
        Assert.Equal(s_mayUse.Keys.Order(), Ours().Select(type => type.Namespace).Distinct().Order());

    [Fact]
    public void Udp_ReachesTheSystemOnlyThroughZMemif() => Assert.DoesNotContain(
        typeof(MemifInterface).Assembly.GetTypes().SelectMany(type => type.GetMethods(AllDeclared)),
        method => method.Attributes.HasFlag(MethodAttributes.PinvokeImpl));

    // A link is opened from the interface's options, which are the public root's.
    private static bool IsLinkOptions(string layer, Type used) =>
        layer == "ZMemif.Udp.Link" && (used == typeof(MemifInterfaceOptions) || used == typeof(MemifFaults));

    // The only way to a descriptor leads through ZMemif, and sockets have one to show.
    private static bool IsDescriptor(string layer, Type used) => layer == "ZMemif.Udp.Sockets" && used == typeof(EventFd);

    // Types without a namespace are the compiler's own.
    private static bool IsOurs(Type type) => type.Namespace is not null
        && (type.Assembly == typeof(MemifSocket).Assembly || type.Assembly == typeof(MemifInterface).Assembly);

    private static IEnumerable<Type> Ours() => typeof(MemifSocket).Assembly.GetTypes()
        .Concat(typeof(MemifInterface).Assembly.GetTypes())
        .Where(type => type.Namespace?.StartsWith("ZMemif", StringComparison.Ordinal) == true);

    private static IEnumerable<Type> TypesOf(string layer) => Ours().Where(type => type.Namespace == layer);
}
