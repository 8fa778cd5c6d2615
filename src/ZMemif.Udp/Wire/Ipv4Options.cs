namespace ZMemif.Udp.Wire;

/// <summary>The options of an IPv4 header (RFC 791 §3.1): a list of type, length and data, of which none is needed here.</summary>
internal static class Ipv4Options
{
    private const int End = 0;
    private const int NoOperation = 1;
    private const int LooseSourceRoute = 131;
    private const int StrictSourceRoute = 137;

    /// <summary>Walks through all of them.</summary>
    /// <param name="options">What follows the first 20 bytes of the header.</param>
    public static Ipv4OptionsError Check(ReadOnlySpan<byte> options)
    {
        while (!options.IsEmpty && options[0] != End)
        {
            if (options[0] is LooseSourceRoute or StrictSourceRoute)
                return Ipv4OptionsError.SourceRoute;
            int length = options[0] == NoOperation ? 1 : options.Length > 1 && options[1] >= 2 ? options[1] : int.MaxValue;
            if (length > options.Length)
                return Ipv4OptionsError.Malformed;
            options = options[length..];
        }

        return Ipv4OptionsError.None;
    }
}
