using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CalendlySlices.Benchmarks;

/// <summary>
/// One kept-alive connection that costs next to nothing beside the server it measures, as an <see cref="HttpClient"/> would
/// not. Blocks its thread; knows bodies by length and in chunks, and no other answer than 200.
/// </summary>
internal sealed class RawConnection : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[256 * 1024];

    public RawConnection(IPEndPoint server)
    {
        try
        {
            _socket.Connect(server);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends a request and reads its whole answer, of which this is the body.</summary>
    /// <exception cref="InvalidOperationException">The answer is not a 200, or ended early.</exception>
    public string Exchange(byte[] request)
    {
        var (head, length) = Send(request);
        return Encoding.ASCII.GetString(_buffer, head, length - head);
    }

    /// <summary>As <see cref="Exchange"/>, when the answer's text does not matter.</summary>
    /// <returns>Where the body begins, and all bytes of the answer.</returns>
    public (int Head, int Length) Send(byte[] request)
    {
        _socket.Send(request);
        var (read, head, expected) = (0, 0, -1);
        while (true)
        {
            var received = _socket.Receive(_buffer.AsSpan(read));
            if (received == 0)
            {
                throw new InvalidOperationException("The server hung up, or its answer is too long.");
            }

            read += received;
            var answer = _buffer.AsSpan(0, read);
            if (head == 0)
            {
                var end = answer.IndexOf("\r\n\r\n"u8);
                if (end < 0)
                {
                    continue;
                }

                head = end + 4;
                expected = LengthIn(answer[..head]) is { } body ? head + body : -1;
            }

            if (expected < 0 ? answer.EndsWith("\r\n0\r\n\r\n"u8) : read == expected)
            {
                return (head, read);
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    // Null when the body comes in chunks.
    private static int? LengthIn(ReadOnlySpan<byte> head)
    {
        if (!head.StartsWith("HTTP/1.1 200 "u8))
        {
            throw new InvalidOperationException($"The server answered {Encoding.ASCII.GetString(head[..head.IndexOf("\r\n"u8)])}.");
        }

        var name = "\r\nContent-Length: "u8;
        var start = head.IndexOf(name);
        if (start < 0)
        {
            return null;
        }

        var value = head[(start + name.Length)..];
        return int.Parse(value[..value.IndexOf("\r\n"u8)], NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
