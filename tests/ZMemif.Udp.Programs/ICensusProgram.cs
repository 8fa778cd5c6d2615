namespace ZMemif.Udp.Programs;

/// <summary>A program in two parts, which end by themselves when they are done with each other.</summary>
internal interface ICensusProgram
{
    /// <summary>The part that waits; calls <see cref="Stage.Open"/> when others may come.</summary>
    void Serve(Stage stage);

    /// <summary>The part that begins.</summary>
    void Use(Stage stage);
}
