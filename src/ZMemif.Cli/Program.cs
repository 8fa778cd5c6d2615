using System.CommandLine;
using ZMemif.Cli.Bench;

var root = new RootCommand("Measures and inspects memif interfaces.") { BenchCommand.Create() };

// No response files: an @ begins the name of an abstract socket.
return root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null }).Invoke();
