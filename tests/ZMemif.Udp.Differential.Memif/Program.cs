using ZMemif.Udp.Differential;
using ZMemif.Udp.Differential.Memif;

using var host = new MemifHost();
return new Harness(host).Start(args);
