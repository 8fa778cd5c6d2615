namespace ZMemif.Udp.Differential;

/// <summary>Questions that the other sections left open.</summary>
internal static class FollowUpProbes
{
    private static readonly byte[] s_three = Bytes(3);

    public static Probe[] Rows { get; } =
    [
        new("AD-001", "socket bound to group 239.1.2.3 and joined", b =>
        {
            IPAddress own = IPAddress.Parse("239.1.2.3"), other = IPAddress.Parse("239.1.2.4");
            Socket socket = b.Bound(own), neighbor = b.Bound(IPAddress.Any);
            socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddMembership, new MulticastOption(own));
            neighbor.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddMembership, new MulticastOption(other));
            return $"unicast={After(IPAddress.Loopback)} other group={After(other)} own group={After(own)}";

            int After(IPAddress destination)
            {
                b.Fresh().SendTo(s_three, new IPEndPoint(destination, At(socket).Port));
                return socket.Available;
            }
        }),
        new("AD-002", "connected to a, then Connect(Any:0)", b =>
        {
            Socket socket = b.Connected(b.Sink());
            socket.Connect(Any);
            return $"{Heard(b, socket, "127.0.0.1")} ; {Heard(b, socket, "127.0.0.2")}";
        }),
        new("AD-003", "bound Any, Connect(a), then Connect(Any:0)", b =>
        {
            Socket socket = b.Bound(IPAddress.Any);
            socket.Connect(b.Sink());
            socket.Connect(Any);
            return $"{Name(socket.LocalEndPoint)} {Heard(b, socket, "127.0.0.2")}";
        }),
        new("AD-004", "after Connect(Any:0): Send destination", b =>
        {
            Socket a = b.Bound(), socket = b.Connected(At(a));
            socket.Connect(Any);
            return $"{Try(() => socket.Send(s_three))} a got={a.Available} next Send {Try(() => socket.Send(s_three))}";
        }),
        new("AD-005", "Poll(-5, SelectRead) empty", b => Try(() => b.Bound().Poll(-5, SelectMode.SelectRead))),
        new("AD-006", "SAEA BufferList receive on a socket without PacketInformation", b => Flags(b, b.Queued().Receiver, 4, 60)),
        new("AD-007", "SAEA receive after PacketInformation=true", b =>
        {
            var operation = new EventArgsOperation(b, Any, new byte[64]);
            operation.Run(b.QueuedWithInformation().Receiver.ReceiveFromAsync);
            return $"{operation.Args.SocketFlags} n={operation.Args.BytesTransferred}";
        }),
        new("AD-008", "ReuseAddress=true then ExclusiveAddressUse=false", b =>
        {
            Socket socket = b.Fresh();
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, false);
            socket.ExclusiveAddressUse = false;
            return $"ReuseAddress={socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress)}";
        }),
    ];

    private static string Heard(Bench b, Socket socket, string from)
    {
        b.Bound(IPAddress.Parse(from)).SendTo(s_three, Loop(At(socket).Port));
        return Try(() => socket.Receive(new byte[64]));
    }

    private static string Flags(Bench b, Socket receiver, int first, int second)
    {
        var operation = new EventArgsOperation(b, Any, first, second);
        operation.Run(receiver.ReceiveFromAsync);
        return $"{operation.Args.SocketFlags} n={operation.Args.BytesTransferred}";
    }
}
