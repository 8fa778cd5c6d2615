namespace ZMemif.HostilePeer.Load;

/// <summary>
/// <c>load --role R --address A --packets N</c>: waits for the line <c>go</c>, then sends and receives at full speed, and says
/// <c>moving</c> after so many verified packets; goes on until it is killed, or until standard input ends.
/// </summary>
internal static class LoadPeer
{
    internal static int Run(Arguments arguments)
    {
        using var socket = new MemifSocket(arguments["address"]);
        MemifPort port = socket.AddPort(LoadPort.Options(arguments.Get("role", MemifRole.Client)));
        ulong wanted = (ulong)arguments.GetNumber("packets", 1000);
        LoadVerifier[] verifiers = [new(mayJoinLate: true), new(mayJoinLate: true)];
        Journal.Say("ready");
        if (Console.In.ReadLine() is null)
            return 0;
        socket.Start();
        LoadSender[] senders = [new(port.TxQueues[0], inPlace: true), new(port.TxQueues[1], inPlace: false)];
        new Thread(() => Move(port, senders, verifiers, wanted)) { IsBackground = true, Name = "load" }.Start();
        _ = Console.In.ReadLine();
        return 0;
    }

    private static void Move(MemifPort port, LoadSender[] senders, LoadVerifier[] verifiers, ulong wanted)
    {
        byte[] buffer = new byte[LoadPort.MaxLength];
        bool isMoving = false;
        while (true)
        {
            int moved = 0;
            for (int i = 0; i < LoadPort.Queues; i++)
            {
                moved += senders[i].Send();
                for (int n = 0; n < 64 && port.RxQueues[i].TryReceive(buffer, out int length); n++, moved++)
                    verifiers[i].Verify(buffer.AsSpan(0, length));
            }

            if (!isMoving && verifiers[0].Verified > wanted && verifiers[1].Verified > wanted)
            {
                isMoving = true;
                Journal.Say("moving");
            }

            if (moved == 0)
                Thread.Yield();
        }
    }
}
