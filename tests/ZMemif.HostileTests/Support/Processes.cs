namespace ZMemif.HostileTests.Support;

/// <summary>Tests that start processes and look at rates: one after the other.</summary>
[CollectionDefinition(nameof(Processes), DisableParallelization = true)]
public sealed class Processes;
