using MigrationGuard;

Console.WriteLine($"Migrated.cs   {Migrated.Client} ({Migrated.Family})");
Console.WriteLine($"Nested.cs     {Nested.Client}");
Console.WriteLine($"Qualified.cs  {Qualified.Client}");
