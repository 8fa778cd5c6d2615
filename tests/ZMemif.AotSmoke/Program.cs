// A datagram there and back over a pair, in a natively compiled program. Exit code 0 if it came back.
using System.Net;
using ZMemif.Udp;

(MemifInterface first, MemifInterface second) = MemifInterface.CreatePair();
using (first)
using (second)
using (var server = new MemifUdpClient(first, 7000))
using (var client = new MemifUdpClient(second))
{
    client.Client.ReceiveTimeout = server.Client.ReceiveTimeout = 5000;
    client.Connect(new IPEndPoint(first.Address, 7000));
    client.Send("natively"u8);
    IPEndPoint? sender = null;
    byte[] asked = server.Receive(ref sender);
    await server.SendAsync(asked, sender);
    byte[] answer = (await client.ReceiveAsync()).Buffer;
    Console.WriteLine($"{System.Text.Encoding.UTF8.GetString(answer)} from {sender}");
    return answer.AsSpan().SequenceEqual("natively"u8) ? 0 : 1;
}
