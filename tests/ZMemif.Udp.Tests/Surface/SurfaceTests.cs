using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Surface;

/// <summary>Our classes against the framework's, member by member: none is missing, as the README says.</summary>
public sealed class SurfaceTests
{
    public static TheoryData<Type, Type> Twins => new()
    {
        { typeof(UdpClient), typeof(MemifUdpClient) },
        { typeof(Socket), typeof(MemifDatagramSocket) },
        { typeof(SocketAsyncEventArgs), typeof(MemifSocketAsyncEventArgs) },
    };

    [Theory]
    [MemberData(nameof(Twins))]
    public void Members_OfTheFrameworks_AreAllThere(Type theirs, Type ours)
    {
        Dictionary<string, SurfaceMember> wanted = SurfaceMember.Of(theirs);
        Dictionary<string, SurfaceMember> present = SurfaceMember.Of(ours);

        string[] missing = [.. wanted.Values.Where(member => !present.ContainsKey(member.Key)).Select(member => member.Signature)];

        Assert.NotEmpty(wanted);
        Assert.True(missing.Length == 0, $"{ours.Name} lacks:\n{string.Join('\n', missing)}");
    }

    [Theory]
    [MemberData(nameof(Twins))]
    public void ExistingMembers_HaveTheirSignatures(Type theirs, Type ours)
    {
        Dictionary<string, SurfaceMember> wanted = SurfaceMember.Of(theirs);
        SurfaceMember[] existing = [.. SurfaceMember.Of(ours).Values.Where(member => wanted.ContainsKey(member.Key))];

        Assert.NotEmpty(existing);
        string[] wrong =
        [
            .. existing
                .Where(member => member.Signature != wanted[member.Key].Signature)
                .Select(member => $"ours:   {member.Signature}\ntheirs: {wanted[member.Key].Signature}"),
        ];
        Assert.True(wrong.Length == 0, $"{ours.Name} differs:\n{string.Join('\n', wrong)}");
    }

    [Theory]
    [MemberData(nameof(Twins))]
    public void Types_CanBeDerivedFromAndUsedInTheSamePlaces(Type theirs, Type ours)
    {
        Assert.False(ours.IsSealed);
        Assert.Empty(theirs.GetInterfaces().Except(ours.GetInterfaces()));
        Assert.False(theirs.IsAssignableFrom(ours));
    }

    /// <summary>The comparison sees what it is there to see.</summary>
    [Fact]
    public void Signature_OfTheKernels_HasNamesDefaultsNullabilityAndAttributes()
    {
        string[] signatures = [.. SurfaceMember.Of(typeof(UdpClient)).Values.Select(member => member.Signature)];

        Assert.Equal(48, signatures.Length);
        Assert.Contains("public byte[] Receive([NotNull] ref IPEndPoint? remoteEP)", signatures);
        Assert.Contains("[SupportedOSPlatform(\"windows\")] public void AllowNatTraversal(bool allowed)", signatures);
        Assert.Contains(
            "public ValueTask<int> SendAsync(ReadOnlyMemory<byte> datagram, IPEndPoint? endPoint, CancellationToken cancellationToken = default)",
            signatures);
        Assert.Contains("protected bool Active { get; set; }", signatures);
        Assert.Contains("public MemifDatagramSocket Client { get; set; }", signatures);
        Assert.Contains("protected virtual void Dispose(bool disposing)", signatures);
    }
}
