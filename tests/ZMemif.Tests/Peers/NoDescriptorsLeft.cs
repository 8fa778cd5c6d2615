using System.Runtime.InteropServices;
using ZMemif.Native;

namespace ZMemif.Tests.Peers;

/// <summary>
/// Until disposal this process can open only so many descriptors more: its limit is lowered to what is in use, and the gaps
/// are filled. ZMemif.HostilePeer has it, too.
/// </summary>
internal sealed class NoDescriptorsLeft : IDisposable
{
    private const int NumberOfFiles = 7;

    private readonly ulong[] _limits = new ulong[2];
    private readonly Stack<FileDescriptor> _fillers = new();

    internal NoDescriptorsLeft(int but)
    {
        FileDescriptor any = FileDescriptor.Own(Libc.CreateEvent(), "eventfd");
        _fillers.Push(any);
        Errno.Check(getrlimit(NumberOfFiles, _limits), "getrlimit");
        int most = Directory.EnumerateFileSystemEntries("/proc/self/fd").Max(path => int.Parse(Path.GetFileName(path), System.Globalization.CultureInfo.InvariantCulture));
        Set((ulong)(most + 1 + but));
        for (int fd = Libc.Duplicate(any); fd >= 0; fd = Libc.Duplicate(any))
            _fillers.Push(new FileDescriptor(fd));
        for (int i = 0; i < but; i++)
            _fillers.Pop().Dispose();
    }

    public void Dispose()
    {
        Set(_limits[0]);
        while (_fillers.TryPop(out FileDescriptor? filler))
            filler.Dispose();
    }

    private void Set(ulong soft) => Errno.Check(setrlimit(NumberOfFiles, [soft, _limits[1]]), "setrlimit");

    [DllImport("libc")]
    private static extern int getrlimit(int resource, [Out] ulong[] limits);

    [DllImport("libc")]
    private static extern int setrlimit(int resource, [In] ulong[] limits);
}
