global using Socket = ZMemif.Udp.MemifDatagramSocket;
global using SocketAsyncEventArgs = ZMemif.Udp.MemifSocketAsyncEventArgs;
global using UdpClient = ZMemif.Udp.MemifUdpClient;
