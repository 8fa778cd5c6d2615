using ZMemif.Udp.Differential;
using ZMemif.Udp.Differential.Kernel;

return new Harness(new KernelHost()).Start(args);
