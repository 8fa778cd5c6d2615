using System.Runtime.InteropServices;

namespace ZMemif.Tests.Peers;

/// <summary>
/// Runs something without the privileges of root, as far as files are concerned, so that missing permissions show also
/// where tests run as root. A user who is not root already is what is wanted.
/// </summary>
internal static class OtherUser
{
    private const uint Nobody = 65534;

    internal static void Run(Action action)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            action();
            return;
        }

        // The file system's user belongs to the thread, which ends here.
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            _ = setfsuid(Nobody);
            try
            {
                action();
            }
            catch (Exception e)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        if (failure is not null)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
    }

    [DllImport("libc")]
    private static extern int setfsuid(uint user);
}
