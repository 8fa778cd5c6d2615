using System.Collections.Concurrent;
using System.Diagnostics.Tracing;
using System.Globalization;

namespace ZMemif.Udp.Differential;

/// <summary>The counters that the sockets of the process publish: AA-018.</summary>
internal static class CounterProbes
{
    public static Probe[] Rows { get; } =
    [
        new("AA-018", "EventCounters published by System.Net.Sockets", b =>
        {
            using var listener = new Listener(b.Host.EventSourceName);
            (Socket receiver, Socket sender) = b.Pair();
            for (int i = 0; i < 3; i++)
            {
                sender.Send(Bytes(4));
                receiver.Receive(new byte[64]);
            }

            return listener.Next();
        }),
    ];

    private sealed class Listener : EventListener
    {
        private readonly ConcurrentDictionary<string, string> _means = [];
        private readonly SemaphoreSlim _written = new(0);
        private readonly string _source;

        public Listener(string source)
        {
            _source = source;
            foreach (EventSource known in EventSource.GetSources())
                Enable(known);
        }

        /// <summary>The counters after the next whole interval.</summary>
        public string Next()
        {
            _means.Clear();
            while (_written.Wait(0))
                continue;

            for (int i = 0; i < 14 && _written.Wait(3000); i++)
                continue;

            return string.Join(", ", _means.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"));
        }

        public override void Dispose()
        {
            base.Dispose();
            _written.Dispose();
        }

        protected override void OnEventSourceCreated(EventSource eventSource) => Enable(eventSource);

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            if (eventData.EventName != "EventCounters" || eventData.Payload?[0] is not IDictionary<string, object?> counter)
                return;

            _means[(string)counter["Name"]!] = string.Create(CultureInfo.InvariantCulture, $"{counter["Mean"]}");
            _written.Release();
        }

        // Also called by the base constructor, before there is a name to look for; the own constructor looks again.
        private void Enable(EventSource source)
        {
            if (source.Name == _source)
                EnableEvents(source, EventLevel.LogAlways, EventKeywords.All, new Dictionary<string, string?> { ["EventCounterIntervalSec"] = "0.2" });
        }
    }
}
