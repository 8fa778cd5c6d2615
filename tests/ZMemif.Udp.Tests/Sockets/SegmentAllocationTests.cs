using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Sockets;

/// <summary>Buffers for lists of segments are borrowed.</summary>
public sealed class SegmentAllocationTests
{
    [Fact]
    public async Task SendAndReceive_ListsOfSegments_AllocateNothing()
    {
        await using MemifInterface host = await MemifInterface.OpenAsync("Loopback=true;Address=192.0.2.2/24");
        using var socket = new MemifDatagramSocket(host, AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 9));
        socket.Connect(new IPEndPoint(IPAddress.Loopback, 9));
        List<ArraySegment<byte>> parts = [new byte[300], new byte[500], new byte[1]];
        Exchange(socket, parts, 1000);
        long before = GC.GetAllocatedBytesForCurrentThread();

        Exchange(socket, parts, 10_000);

        // The pool makes something for itself now and then.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000);
    }

    private static void Exchange(MemifDatagramSocket socket, List<ArraySegment<byte>> parts, int count)
    {
        for (int i = 0; i < count; i++)
        {
            socket.Send(parts);
            if (socket.Receive(parts) != 801)
                throw new InvalidOperationException("It was not received as it was sent.");
        }
    }
}
