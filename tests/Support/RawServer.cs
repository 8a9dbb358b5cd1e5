using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CalendlySlices.Tests.Support;

/// <summary>A server on loopback that answers each connection with bytes that no proper server would send, and hangs up.</summary>
internal sealed class RawServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<NetworkStream, Task> _answerAsync;
    private readonly Task _serving;
    private int _connections;

    public RawServer(Func<NetworkStream, Task> answerAsync)
    {
        _answerAsync = answerAsync;
        _listener.Start();
        _serving = ServeAsync();
    }

    public RawServer(string answer)
        : this(stream => stream.WriteAsync(Encoding.ASCII.GetBytes(answer)).AsTask())
    {
    }

    public string Address => $"http://{_listener.LocalEndpoint}";

    public int Connections => _connections;

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync()
    {
        while (true)
        {
            try
            {
                using var connection = await _listener.AcceptTcpClientAsync();
                Interlocked.Increment(ref _connections);
                await using var stream = connection.GetStream();
                _ = await stream.ReadAsync(new byte[4096]);
                await _answerAsync(stream);
            }
            catch (Exception ended) when (ended is SocketException or ObjectDisposedException or IOException)
            {
                if (ended is not IOException)
                {
                    return;
                }
            }
        }
    }
}
