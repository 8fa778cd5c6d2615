using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using System.Runtime.Versioning;

namespace ZMemif.Udp.Tests.Surface;

/// <summary>A member that callers or derived classes can see.</summary>
/// <param name="Key">What makes it this member: kind, name and parameter types.</param>
/// <param name="Signature">The whole of it: modifiers, nullability, parameter names, defaults, and the attributes that compilers and analyzers read.</param>
internal sealed record SurfaceMember(string Key, string Signature)
{
    private const BindingFlags Declared =
        BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;

    private const string NullAnalysis = "System.Diagnostics.CodeAnalysis";

    /// <summary>The visible members that a type itself declares, by key.</summary>
    internal static Dictionary<string, SurfaceMember> Of(Type type) => type.GetMembers(Declared)
        .Select(member => Describe(member))
        .OfType<SurfaceMember>()
        .ToDictionary(member => member.Key);

    private static SurfaceMember? Describe(MemberInfo member) => member switch
    {
        ConstructorInfo constructor when IsVisible(constructor) => new(
            $"new({KeyOf(constructor)})",
            $"{Attributes(member)}{Modifiers(constructor)}{TypeText.Of(constructor.DeclaringType!)}({Parameters(constructor)})"),
        MethodInfo { IsSpecialName: false } method when IsVisible(method) => new(
            $"{method.Name}({KeyOf(method)})",
            $"{Attributes(member)}{Modifiers(method)}{Returned(method)} {method.Name}({Parameters(method)})"),
        PropertyInfo property when Widest(property) is { } accessor && IsVisible(accessor) => new(
            property.Name,
            $"{Attributes(member)}{Modifiers(accessor)}{Typed(property)} {property.Name} {{ {Accessors(property, accessor)}}}"),
        EventInfo happening when IsVisible(happening.AddMethod!) => new(
            happening.Name,
            $"{Attributes(member)}{Modifiers(happening.AddMethod!)}event {Typed(happening)} {happening.Name}"),
        FieldInfo { IsPrivate: false, IsAssembly: false } => throw new NotSupportedException($"{member} is of a kind that is not compared yet."),
        _ => null,
    };

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static MethodInfo? Widest(PropertyInfo property) =>
        property.GetAccessors(nonPublic: true).OrderByDescending(IsVisible).ThenByDescending(accessor => accessor.IsPublic).FirstOrDefault();

    private static string Accessors(PropertyInfo property, MethodInfo widest) => string.Concat(
        new[] { (Method: property.GetMethod, Text: "get; "), (Method: property.SetMethod, Text: "set; ") }
            .Where(accessor => accessor.Method is not null && IsVisible(accessor.Method))
            .Select(accessor => (accessor.Method!.IsPublic == widest.IsPublic ? "" : "protected ") + accessor.Text));

    private static string Modifiers(MethodBase method)
    {
        string visibility = method.IsPublic ? "public " : "protected ";
        if (method.IsStatic)
            return visibility + "static ";
        if (!method.IsVirtual || method.IsFinal)
            return visibility;
        bool isOverride = method is MethodInfo info && info.GetBaseDefinition().DeclaringType != info.DeclaringType;
        return visibility + (isOverride ? "override " : "virtual ");
    }

    private static string KeyOf(MethodBase method) =>
        string.Join(", ", method.GetParameters().Select(parameter => TypeText.Of(parameter.ParameterType)));

    private static string Typed(PropertyInfo property)
    {
        NullabilityInfo info = new NullabilityInfoContext().Create(property);
        return TypeText.Of(info, property.CanRead ? info.ReadState : info.WriteState);
    }

    private static string Typed(EventInfo happening)
    {
        NullabilityInfo info = new NullabilityInfoContext().Create(happening);
        return TypeText.Of(info, info.ReadState);
    }

    private static string Returned(MethodInfo method)
    {
        NullabilityInfo info = new NullabilityInfoContext().Create(method.ReturnParameter);
        return Attributes(method.ReturnParameter) + TypeText.Of(info, info.ReadState);
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Parameter));

    private static string Parameter(ParameterInfo parameter)
    {
        NullabilityInfo info = new NullabilityInfoContext().Create(parameter);
        string direction = !parameter.ParameterType.IsByRef ? "" : parameter.IsOut ? "out " : parameter.IsIn ? "in " : "ref ";
        return $"{Attributes(parameter)}{direction}{TypeText.Of(info, parameter.IsOut ? info.ReadState : info.WriteState)} {parameter.Name}{Default(parameter)}";
    }

    private static string Default(ParameterInfo parameter) => !parameter.HasDefaultValue ? ""
        : parameter.DefaultValue is { } value ? $" = {string.Create(CultureInfo.InvariantCulture, $"{value}")}"
        : " = default";

    private static string Attributes(MemberInfo member) => Brackets(member.GetCustomAttributes(inherit: false), member.GetCustomAttributesData());

    private static string Attributes(ParameterInfo parameter) => Brackets(parameter.GetCustomAttributes(inherit: false), parameter.GetCustomAttributesData());

    private static string Brackets(object[] attributes, IList<CustomAttributeData> data) => string.Concat(
        attributes.Select(Text).Concat(data.Where(attribute => attribute.AttributeType.Namespace == NullAnalysis).Select(attribute => attribute.AttributeType.Name))
            .Where(text => text.Length > 0)
            .Select(text => text.Replace("Attribute", "", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(text => $"[{text}] "));

    private static string Text(object attribute) => attribute switch
    {
        OSPlatformAttribute platform => $"{platform.GetType().Name}(\"{platform.PlatformName}\")",
        ObsoleteAttribute obsolete => $"Obsolete(\"{obsolete.Message}\")",
        EditorBrowsableAttribute browsable => $"EditorBrowsable({browsable.State})",
        _ => "",
    };
}
