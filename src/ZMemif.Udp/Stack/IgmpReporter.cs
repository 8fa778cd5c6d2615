using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>
/// Tells routers of groups, in the version that is spoken: reports of version 3 (RFC 3376 §4.2), reports and leaves of version 2
/// (RFC 2236 §3), reports of version 1 (RFC 1112, appendix I). Not thread-safe.
/// </summary>
internal sealed class IgmpReporter(IgmpAgenda agenda, IgmpOutput output)
{
    /// <summary>The version that is spoken, 1 to 3.</summary>
    internal int Version { get; set; } = IgmpQueriers.NewestVersion;

    /// <summary>Tells what the host wants of a group now, if that is news.</summary>
    /// <param name="address">The group.</param>
    /// <param name="wanted">What is wanted of it.</param>
    /// <param name="times">How often it is told in all, at least once; what is told to older queriers is told twice.</param>
    /// <param name="now">A timestamp of the clock.</param>
    internal void Tell(Ipv4Address address, GroupFilter wanted, int times, long now)
    {
        IgmpGroup group = agenda.Of(address);
        GroupFilter before = group.Told;
        group.Told = wanted;
        if (Version < IgmpQueriers.NewestVersion)
            TellOlder(group, before, now);
        else if (!wanted.IsSameAs(before))
            TellChange(group, IgmpChange.Between(before, wanted), times, now);
        agenda.Release(group);
    }

    /// <summary>Says what is due.</summary>
    internal void SendDue(long now)
    {
        if (agenda.TakeGeneralAnswer(now))
            output.SendReport(agenda.Joined.Select(group => IgmpRecord.Current(group.Address, group.Told)));
        foreach (IgmpGroup group in agenda.TakeDue(now))
        {
            if (group.Answer is { } answer && answer.At <= now)
                SendAnswer(group, answer);
            if (group.Repetition is { } repetition && repetition.At <= now)
                SendAgain(group, repetition, now);
        }

        agenda.Settle();
    }

    private void TellChange(IgmpGroup group, IgmpChange change, int times, long now)
    {
        change = group.Repetition?.Change.And(change) ?? change;
        output.SendReport(change.Records(group.Address, group.Told));
        agenda.Repeat(group, change, times - 1, now);
    }

    private void TellOlder(IgmpGroup group, GroupFilter before, long now)
    {
        if (before.IsNone && !group.Told.IsNone)
        {
            SendShortReport(group);
            agenda.AnswerWithin(IgmpAgenda.UnsolicitedInterval, group, now);
        }
        else if (group.Told.IsNone && !before.IsNone)
        {
            group.Cancel();
            if (Version == 2)
                output.SendShort(IgmpProtocol.AllRouters, IgmpType.LeaveV2, group.Address);
        }
    }

    // A group that was left meanwhile is told of no more.
    private void SendAnswer(IgmpGroup group, IgmpAnswer answer)
    {
        group.Answer = null;
        if (group.Told.IsNone)
            return;
        if (Version < IgmpQueriers.NewestVersion)
            SendShortReport(group);
        else if (answer.Record(group.Address, group.Told) is { } record)
            output.SendReport([record]);
    }

    private void SendAgain(IgmpGroup group, IgmpRepetition repetition, long now)
    {
        output.SendReport(repetition.Change.Records(group.Address, group.Told));
        agenda.Repeat(group, repetition.Change, repetition.Left - 1, now);
    }

    private void SendShortReport(IgmpGroup group) =>
        output.SendShort(group.Address, Version == 1 ? IgmpType.ReportV1 : IgmpType.ReportV2, group.Address);
}
