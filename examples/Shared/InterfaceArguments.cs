using ZMemif.Udp;

namespace Examples;

/// <summary>Flags of every example that opens an interface.</summary>
internal static class InterfaceArguments
{
    internal const string Usage = """
        --pcap     a file that takes every frame, for tshark or Wireshark
        --faults   what befalls frames on their way, as loss:0.01,duplicate:0.01,reorder:0.01,corrupt:0.001,delay:2ms,full:0.01,seed:7
        """;

    /// <summary>The interface of a connection string, with what the flags say.</summary>
    internal static Task<MemifInterface> OpenInterfaceAsync(this Arguments arguments, string connectionString)
    {
        var options = MemifInterfaceOptions.Parse(connectionString);
        arguments.ApplyTo(options);
        return MemifInterface.OpenAsync(options);
    }

    internal static void ApplyTo(this Arguments arguments, MemifInterfaceOptions options)
    {
        options.Pcap = arguments.Find("--pcap") ?? options.Pcap;
        if (arguments.Find("--faults") is { } faults)
            options.Faults = MemifFaults.Parse(faults);
    }
}
