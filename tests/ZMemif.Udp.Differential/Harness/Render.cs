using System.Collections;
using System.Globalization;
using System.Text.RegularExpressions;

namespace ZMemif.Udp.Differential;

/// <summary>Writes what a call gave the way the table of measurements does.</summary>
internal static partial class Render
{
    private const int EphemeralPorts = 32768;

    /// <summary>The value, or ✗ and the exception.</summary>
    public static string Try(Func<object?> call)
    {
        try
        {
            return Value(call());
        }
        catch (Exception exception)
        {
            return "✗ " + Error(exception);
        }
    }

    /// <inheritdoc cref="Try(Func{object?})"/>
    public static string Try(Action call) => Try(() =>
    {
        call();
        return "ok";
    });

    /// <summary>Whether the call itself throws (SYNC), or the task that it returns (ASYNC), or neither.</summary>
    public static string When(Func<object?> call)
    {
        Task? task;
        try
        {
            task = AsTask(call());
        }
        catch (Exception exception)
        {
            return "SYNC " + Error(exception);
        }

        if (task is null)
            return "returned";

        string result = Try(() => task);
        return result.StartsWith('✗') ? "ASYNC" + result[1..] : result;
    }

    public static string Value(object? value) => value switch
    {
        null => "null",
        string text => text,
        bool flag => flag ? "True" : "False",
        EndPoint endPoint => Name(endPoint),
        IPPacketInformation information => Name(information),
        UdpReceiveResult result => $"UdpReceiveResult(Buffer[{result.Buffer.Length}],{Name(result.RemoteEndPoint)})",
        SocketReceiveFromResult result => $"ReceivedBytes={result.ReceivedBytes},Remote={Name(result.RemoteEndPoint)}",
        SocketReceiveMessageFromResult result =>
            $"ReceivedBytes={result.ReceivedBytes},SocketFlags={result.SocketFlags}"
            + $",Remote={Name(result.RemoteEndPoint)},PacketInformation={Name(result.PacketInformation)}",
        LingerOption linger => $"{linger.Enabled},{linger.LingerTime}",
        byte[] bytes => string.Join(',', bytes),
        IEnumerable many => string.Join(',', many.Cast<object?>().Select(Value)),
        _ when AsTask(value) is { } task => Completed(task),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "null",
    };

    public static string Name(EndPoint? endPoint) => endPoint switch
    {
        null => "null",
        IPEndPoint { Port: >= EphemeralPorts } ip => $"{ip.Address}:eph",
        _ => endPoint.ToString()!,
    };

    public static string Name(IPPacketInformation information) => $"({information.Address},if {information.Interface})";

    public static string Error(Exception exception) => exception switch
    {
        SocketException socket => $"SocketException({socket.SocketErrorCode})" + (EndsWithEndPoint().IsMatch(socket.Message) ? " msg+endpoint" : ""),
        ArgumentException argument => $"{argument.GetType().Name}({argument.ParamName ?? "null"})",
        ObjectDisposedException disposed => $"ObjectDisposedException({Alias(disposed.ObjectName)})",
        _ => exception.GetType().Name,
    };

    /// <summary>A result without its ✗.</summary>
    public static string Bare(string result) => result.StartsWith('✗') ? result[2..] : result;

    /// <summary>How often each outcome came in so many tries.</summary>
    public static string Distribution(int tries, Func<string> outcome) => string.Join(
        " ; ",
        Enumerable.Range(0, tries).Select(_ => outcome()).CountBy(result => result)
            .OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Value}x {pair.Key}"));

    /// <summary>The observable state of a socket. Reading the remote end point can change <c>Connected</c>, so the order counts.</summary>
    public static string State(Socket socket) => string.Join(
        ", ",
        Property("Local", () => Name(socket.LocalEndPoint)),
        Property("Remote", () => Name(socket.RemoteEndPoint)),
        Property("Conn", () => socket.Connected),
        Property("IsBound", () => socket.IsBound),
        Property("Avail", () => socket.Available));

    /// <summary>The last part of a type's name, which is the alias where the program was compiled under one.</summary>
    public static string Alias(string fullName) => fullName switch
    {
        _ when fullName == typeof(Socket).FullName => nameof(Socket),
        _ when fullName == typeof(UdpClient).FullName => nameof(UdpClient),
        _ when fullName == typeof(SocketAsyncEventArgs).FullName => nameof(SocketAsyncEventArgs),
        _ => fullName[(fullName.LastIndexOf('.') + 1)..],
    };

    /// <summary>The name that a program sees which was written against System.Net.Sockets.</summary>
    public static string FullAlias(Type type) => "System.Net.Sockets." + Alias(type.FullName!);

    private static string Property(string name, Func<object?> get)
    {
        try
        {
            return $"{name}={Value(get())}";
        }
        catch (Exception exception)
        {
            return $"{(name == "Avail" ? "Available" : name)}={Error(exception)}";
        }
    }

    private static string Completed(Task task)
    {
        const int Patience = 3000;
        if (Task.WhenAny(task, Task.Delay(Patience)).GetAwaiter().GetResult() != task)
            return "\"PENDING after 3000ms\"";

        task.GetAwaiter().GetResult();
        Type type = task.GetType();
        object? result = type.IsGenericType ? type.GetProperty("Result")!.GetValue(task) : null;
        return result is null || result.GetType().Name == "VoidTaskResult" ? "\"completed\"" : Value(result);
    }

    private static Task? AsTask(object? value) => value switch
    {
        Task task => task,
        ValueTask task => task.AsTask(),
        ValueTask<int> task => task.AsTask(),
        ValueTask<UdpReceiveResult> task => task.AsTask(),
        ValueTask<SocketReceiveFromResult> task => task.AsTask(),
        ValueTask<SocketReceiveMessageFromResult> task => task.AsTask(),
        _ => null,
    };

    [GeneratedRegex(@"\d+\.\d+\.\d+\.\d+:\d+$")]
    private static partial Regex EndsWithEndPoint();
}
