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
    internal void SendReport(IEnumerable<IgmpRecord> records)
    {
        int room = identity.Mtu - RouterAlertHeader.Length - IgmpWriter.ReportHeaderLength;
        var together = new List<IgmpRecord>();
        int length = 0;
        foreach (IgmpRecord record in records.SelectMany(record => record.Fit(room)))
        {
            if (length + record.Length > room)
            {
                SendTogether(together, length);
                together.Clear();
                length = 0;
            }

            together.Add(record);
            length += record.Length;
        }

        if (length > 0)
            SendTogether(together, length);
    }

    private void SendTogether(List<IgmpRecord> records, int length)
    {
        byte[] message = new byte[IgmpWriter.ReportHeaderLength + length];
        IgmpWriter.WriteReportHeader(message, records.Count);
        int at = IgmpWriter.ReportHeaderLength;
        foreach (IgmpRecord record in records)
        {
            record.Write(message.AsSpan(at));
            at += record.Length;
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
