using System.Reflection;

namespace ZMemif.Udp.Tests.Surface;

/// <summary>Types as C# writes them, with the kernel's socket types replaced by ours.</summary>
internal static class TypeText
{
    private static readonly Dictionary<string, string> s_keywords = new()
    {
        ["Boolean"] = "bool",
        ["Byte"] = "byte",
        ["Int16"] = "short",
        ["Int32"] = "int",
        ["Int64"] = "long",
        ["IntPtr"] = "nint",
        ["Object"] = "object",
        ["String"] = "string",
        ["Void"] = "void",
    };

    private static readonly Dictionary<string, string> s_replacements = new()
    {
        ["System.Net.Sockets.UdpClient"] = nameof(MemifUdpClient),
        ["System.Net.Sockets.Socket"] = nameof(MemifDatagramSocket),
        ["System.Net.Sockets.SocketAsyncEventArgs"] = "MemifSocketAsyncEventArgs",
    };

    /// <summary>The type alone: two members with the same parameter types in this form are the same member.</summary>
    internal static string Of(Type type)
    {
        if (type.IsByRef)
            return Of(type.GetElementType()!) + "&";
        if (type.IsArray)
            return Of(type.GetElementType()!) + "[]";
        return type.IsGenericType
            ? $"{Name(type)}<{string.Join(", ", type.GetGenericArguments().Select(Of))}>"
            : Name(type);
    }

    /// <summary>The type with its nullability.</summary>
    internal static string Of(NullabilityInfo info, NullabilityState state)
    {
        Type type = info.Type.IsByRef ? info.Type.GetElementType()! : info.Type;
        string mark = state == NullabilityState.Nullable && !type.IsValueType ? "?" : "";
        if (info.ElementType is { } element)
            return $"{Of(element, element.ReadState)}[]{mark}";
        return info.GenericTypeArguments.Length == 0
            ? Of(type) + mark
            : $"{Name(type)}<{string.Join(", ", info.GenericTypeArguments.Select(argument => Of(argument, argument.ReadState)))}>{mark}";
    }

    private static string Name(Type type)
    {
        if (s_replacements.TryGetValue(type.FullName!, out string? replacement))
            return replacement;
        if (type.Namespace == nameof(System) && s_keywords.TryGetValue(type.Name, out string? keyword))
            return keyword;
        int arity = type.Name.IndexOf('`', StringComparison.Ordinal);
        return arity < 0 ? type.Name : type.Name[..arity];
    }
}
