namespace ZMemif.Tests.Peers;

/// <summary>Tests that count things of the whole process: they run when nothing else does, one after the other.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone : ICollectionFixture<SettledProcess>;
