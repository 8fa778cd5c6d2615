global using UdpClient = ZMemif.Udp.MemifUdpClient;
