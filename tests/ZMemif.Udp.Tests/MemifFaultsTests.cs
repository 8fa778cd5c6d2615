namespace ZMemif.Udp.Tests;

/// <summary>Faults as text and back.</summary>
public sealed class MemifFaultsTests
{
    [Fact]
    public void Parse_EveryPart_SetsItsProperty()
    {
        MemifFaults faults = MemifFaults.Parse(" seed:-7, LOSS:0.5,duplicate : 0.25,reorder:1,corrupt:1e-3,delay:1.5s,full:0 ");

        Assert.Equal(
            (0.5, 0.25, 1.0, 0.001, TimeSpan.FromMilliseconds(1500), 0.0, -7),
            (faults.Loss, faults.Duplicate, faults.Reorder, faults.Corrupt, faults.Delay, faults.Full, faults.Seed));
    }

    [Theory]
    [InlineData("loss:0.01,duplicate:0.001,reorder:0.02,corrupt:0.5,delay:2ms,full:1,seed:7")]
    [InlineData("loss:1E-05")]
    [InlineData("delay:00:00:00.0005000,seed:2147483647")]
    public void ToString_OfWhatWasParsed_IsTheSame(string text) => Assert.Equal(text, MemifFaults.Parse(text).ToString());

    [Fact]
    public void ToString_NoFaults_IsEmpty() => Assert.Equal("", new MemifFaults().ToString());

    [Theory]
    [InlineData("", "'' is no fault; there are loss, duplicate, reorder, corrupt, delay, full, seed.")]
    [InlineData("loss:0.1,", "'' is no fault")]
    [InlineData("loss:0.1,los:0.1", "'los:0.1' is no fault")]
    [InlineData("loss:0.1,Loss:0.1", "'loss' is given twice")]
    [InlineData("loss", "'loss' is not valid: loss takes a probability from 0 to 1")]
    [InlineData("loss:", "'loss:' is not valid: loss takes")]
    [InlineData("duplicate:1.01", "'duplicate:1.01' is not valid: duplicate takes")]
    [InlineData("reorder:-0.1", "'reorder:-0.1' is not valid: reorder takes")]
    [InlineData("corrupt:NaN", "'corrupt:NaN' is not valid: corrupt takes")]
    [InlineData("full:1%", "'full:1%' is not valid: full takes")]
    [InlineData("delay:11s", "'delay:11s' is not valid: delay takes a time up to 10s")]
    [InlineData("delay:soon", "'delay:soon' is not valid: delay takes")]
    [InlineData("seed:1.5", "'seed:1.5' is not valid: seed takes")]
    public void Parse_BadPart_IsNamed(string text, string message)
    {
        Assert.StartsWith(message, Assert.Throws<ArgumentException>("faults", () => MemifFaults.Parse(text)).Message, StringComparison.Ordinal);
        string ofOptions = Assert.Throws<ArgumentException>(() => MemifInterfaceOptions.Parse($"Socket=@x;Address=192.0.2.2/24;Faults=\"{text}\"")).Message;
        Assert.StartsWith($"Faults={text} is not valid: expected ", ofOptions, StringComparison.Ordinal);
        Assert.Contains(message, ofOptions, StringComparison.Ordinal);
    }
}
