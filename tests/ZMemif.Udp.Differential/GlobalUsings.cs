global using System.Net;
global using System.Net.Sockets;
global using static ZMemif.Udp.Differential.Bench;
global using static ZMemif.Udp.Differential.Render;
