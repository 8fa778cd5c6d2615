using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>Sends IGMP messages; a long report becomes several that fit the link.</summary>
internal sealed class IgmpOutput(StackIdentity identity, LinkOutput output)
{
    /// <summary>Sends a report or a leave of version 1 or 2.</summary>
    internal void SendShort(Ipv4Address to, IgmpType type, Ipv4Address group)
    {
        byte[] message = new byte[IgmpWriter.ShortLength];
        IgmpWriter.WriteShort(message, type, group);
        Send(to, message);
    }

    /// <summary>Sends a version 3 report; nothing when there is nothing to say.</summary>
    internal void SendReport(IReadOnlyList<IgmpRecord> records)
    {
        int room = identity.Mtu - RouterAlertHeader.Length - IgmpWriter.ReportHeaderLength;
        for (int first = 0; first < records.Count;)
        {
            int last = first;
            int length = records[first].Length;
            while (last + 1 < records.Count && length + records[last + 1].Length <= room)
                length += records[++last].Length;
            SendReport(records, first, last, length);
            first = last + 1;
        }
    }

    private void SendReport(IReadOnlyList<IgmpRecord> records, int first, int last, int length)
    {
        byte[] message = new byte[IgmpWriter.ReportHeaderLength + length];
        IgmpWriter.WriteReportHeader(message, last - first + 1);
        int at = IgmpWriter.ReportHeaderLength;
        for (int i = first; i <= last; i++)
        {
            records[i].Write(message.AsSpan(at));
            at += records[i].Length;
        }

        IgmpWriter.Finish(message);
        Send(IgmpProtocol.V3Routers, message);
    }

    private void Send(Ipv4Address to, byte[] message)
    {
        // Without a link there are no routers that could want to know.
        if (!output.HasQueues)
            return;
        output.TryAnswer(
            RouterAlertHeader.Length + message.Length,
            MacAddress.ForMulticast(to),
            EtherType.IPv4,
            (identity, to, message),
            static (packet, state) =>
            {
                RouterAlertHeader.Write(packet, packet.Length, state.identity.Address, state.to);
                state.message.CopyTo(packet[RouterAlertHeader.Length..]);
            });
    }
}
