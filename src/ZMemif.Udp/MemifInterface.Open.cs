using ZMemif.Udp.Link;

namespace ZMemif.Udp;

/// <content>The ways to get an interface.</content>
public sealed partial class MemifInterface
{
    /// <summary>Holds the connection string of <see cref="Default"/>.</summary>
    public const string ConnectionVariable = "ZMEMIF_CONNECTION";

    private static readonly Lock s_defaultLock = new();
    private static MemifInterface? s_default;

    /// <summary>
    /// The interface that sockets use that are not given one: the one assigned here, or one opened from the environment
    /// variable <c>ZMEMIF_CONNECTION</c> at the first use.
    /// </summary>
    /// <exception cref="InvalidOperationException">Neither is there; the message says what to do.</exception>
    /// <exception cref="ArgumentException">The variable's connection string is not valid; the message names the key.</exception>
    /// <exception cref="MemifException">The interface could not be opened.</exception>
    public static MemifInterface Default
    {
        get
        {
            lock (s_defaultLock)
                return s_default ??= OpenFromEnvironment();
        }

        set
        {
            ArgumentNullException.ThrowIfNull(value);
            lock (s_defaultLock)
                s_default = value;
        }
    }

    /// <summary>Opens an interface from a connection string, for example <c>Socket=/run/memif.sock;Address=192.0.2.2/24</c>.</summary>
    /// <inheritdoc cref="OpenAsync(MemifInterfaceOptions, CancellationToken)"/>
    public static Task<MemifInterface> OpenAsync(string connectionString, CancellationToken cancellationToken = default) =>
        OpenAsync(MemifInterfaceOptions.Parse(connectionString), cancellationToken);

    /// <summary>
    /// Opens an interface. A server is ready when it listens; a client waits for its link, at most
    /// <see cref="MemifInterfaceOptions.ConnectTimeout"/>.
    /// </summary>
    /// <exception cref="ArgumentException">An option is missing or wrong; the message names it.</exception>
    /// <exception cref="MemifException">
    /// Listening failed, the file of <see cref="MemifInterfaceOptions.Pcap"/> cannot be created, or no link came up in time; the
    /// message says why and what helps.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<MemifInterface> OpenAsync(MemifInterfaceOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var opened = new MemifInterface(options, InterfaceLink.Open(options, TimeProvider.System), TimeProvider.System);
        try
        {
            opened.Start();
            if (options.Role == MemifRole.Client)
                await opened.WaitUpAsync(options.ConnectTimeout, cancellationToken).ConfigureAwait(false);
            return opened;
        }
        catch
        {
            await opened.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Opens two interfaces of this process that are each other's peer over real shared memory: for tests, and for
    /// programs that want both ends. The first is the memif server.
    /// </summary>
    /// <param name="configure">
    /// Changes the options of both, one after the other; their addresses are 192.0.2.1/24 and 192.0.2.2/24. A file of
    /// <see cref="MemifInterfaceOptions.Pcap"/> that both are given is written by the first: the rings are the same.
    /// </param>
    /// <exception cref="ArgumentException">An option is wrong; the message names it.</exception>
    /// <exception cref="MemifException">The file of <see cref="MemifInterfaceOptions.Pcap"/> cannot be created.</exception>
    public static (MemifInterface First, MemifInterface Second) CreatePair(Action<MemifInterfaceOptions>? configure = null)
    {
        string socket = $"@zmemif-pair-{Guid.NewGuid():N}";
        MemifInterfaceOptions server = PairOptions(socket, MemifRole.Server, "192.0.2.1", configure);
        MemifInterfaceOptions client = PairOptions(socket, MemifRole.Client, "192.0.2.2", configure);
        if (client.Pcap == server.Pcap)
            client.Pcap = null;
        MemifInterface first = Open(server);
        try
        {
            MemifInterface second = Open(client);
            first._link.WaitUpAsync(CancellationToken.None).GetAwaiter().GetResult();
            first.FollowLink();
            return (first, second);
        }
        catch
        {
            first.Dispose();
            throw;
        }
    }

    private static MemifInterfaceOptions PairOptions(string socket, MemifRole role, string address, Action<MemifInterfaceOptions>? configure)
    {
        var options = new MemifInterfaceOptions
        {
            Socket = socket,
            Role = role,
            Address = System.Net.IPAddress.Parse(address),
            PrefixLength = 24,
        };
        configure?.Invoke(options);
        return options;
    }

    private static MemifInterface OpenFromEnvironment()
    {
        string? connectionString = Environment.GetEnvironmentVariable(ConnectionVariable);
        return string.IsNullOrWhiteSpace(connectionString)
            ? throw new InvalidOperationException(
                $"No memif interface is configured. Set the environment variable {ConnectionVariable} to a connection string, "
                + $"for example {ConnectionVariable}=\"Socket=/run/memif.sock;Address=192.0.2.2/24\" (or \"Loopback=true;Address=192.0.2.2/24\" "
                + $"to try without a peer), or assign {nameof(MemifInterface)}.{nameof(Default)}, or pass an interface to the constructor.")
            : Open(MemifInterfaceOptions.Parse(connectionString));
    }

    private static MemifInterface Open(MemifInterfaceOptions options) => OpenAsync(options).GetAwaiter().GetResult();

    private async Task WaitUpAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            await _link.WaitUpAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new MemifException(
                MemifErrorCode.ConnectTimeout,
                $"No memif link on '{_options.Socket}' (id {_options.Id}) within {timeout.TotalSeconds:0.###} s. {LastError?.Message}".TrimEnd(),
                LastError);
        }

        FollowLink();
    }
}
