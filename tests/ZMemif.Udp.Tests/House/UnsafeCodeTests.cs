using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace ZMemif.Udp.Tests.House;

/// <summary>Unsafe code has an address: what can break memory lives in two folders that one can audit.</summary>
public sealed partial class UnsafeCodeTests
{
    private static readonly string[] s_addresses = ["src/ZMemif/Native/", "src/ZMemif/Memory/"];

    [Fact]
    public void UnsafeCode_OutsideItsAddress_DoesNotExist()
    {
        string root = RepositoryRoot();
        IEnumerable<string> found =
            from file in Directory.EnumerateFiles(Path.Combine(root, "src"), "*.cs", SearchOption.AllDirectories)
            let name = Path.GetRelativePath(root, file)
            where !s_addresses.Any(address => name.StartsWith(address, StringComparison.Ordinal))
            from line in File.ReadLines(file).Select((text, i) => (Text: text, Number: i + 1))
            where UnsafeWords().IsMatch(Comment().Replace(line.Text, ""))
            select $"{name}:{line.Number}: {line.Text.Trim()}";

        Assert.Empty(found);
    }

    [Fact]
    public void UnsafeCode_AtItsAddress_IsFound()
    {
        string ring = Path.Combine(RepositoryRoot(), "src/ZMemif/Memory/Ring.cs");

        Assert.Contains(File.ReadLines(ring), line => UnsafeWords().IsMatch(line));
    }

    private static string RepositoryRoot([CallerFilePath] string thisFile = "")
    {
        string? folder = Path.GetDirectoryName(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder, "ZMemif.Udp.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "../../.."));
    }

    // UnsafeAccessor and UnsafeRegister are not unsafe code; MemoryMarshal.TryGetArray is the one harmless door.
    [GeneratedRegex(@"\bunsafe\b|\bUnsafe\.|\bMemoryMarshal\.(?!TryGetArray\b)|\bstackalloc\b[^;]*\*|\bfixed\s*\(|\bDllImport\b|\bLibraryImport\b")]
    private static partial Regex UnsafeWords();

    [GeneratedRegex("//.*$")]
    private static partial Regex Comment();
}
