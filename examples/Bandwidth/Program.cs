// What several memif ports with several queues carry together: a sender and a receiver in two processes.
using Bandwidth;
using Examples;

const string Usage = """
    Bandwidth of several memif ports, between two processes.

      Bandwidth --receive [--socket /tmp/memif.sock] [--ports 1] [--queues 1] [--seconds 10]
      Bandwidth --send    [--socket /tmp/memif.sock] [--ports 1] [--queues 1] [--seconds 10] [--size 64]

    Start the receiver first. Ports have the ids 0, 1, …; each queue has a thread at either end.
    With --pcap FILE, every packet of port 0 goes to a file, too; that is slow.
    """;

var arguments = new Arguments(args);
if (arguments.Has("--receive") == arguments.Has("--send"))
{
    Console.Error.WriteLine(Usage);
    return 2;
}

using var test = new BandwidthTest(
    arguments.Text("--socket", "/tmp/memif.sock"),
    isSender: arguments.Has("--send"),
    arguments.Number("--ports", 1),
    arguments.Number("--queues", 1),
    arguments.Find("--pcap"));
test.Run(TimeSpan.FromSeconds(arguments.Number("--seconds", 10)), arguments.Number("--size", 64));
return 0;
