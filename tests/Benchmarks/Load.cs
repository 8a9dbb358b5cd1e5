using System.Diagnostics;
using System.Net;

namespace CalendlySlices.Benchmarks;

/// <summary>Sixteen connections that each ask again as soon as they have their answer.</summary>
internal static class Load
{
    private const int Connections = 16;

    public static (long Requests, TimeSpan Elapsed) Run(IPEndPoint server, byte[] request, TimeSpan length)
    {
        var started = Stopwatch.GetTimestamp();
        long requests = 0;
        Exception? trouble = null;
        var threads = Enumerable.Range(0, Connections).Select(_ => new Thread(Ask)).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        return trouble is null ? (requests, Stopwatch.GetElapsedTime(started)) : throw trouble;

        void Ask()
        {
            try
            {
                using var connection = new RawConnection(server);
                var mine = 0;
                for (; Stopwatch.GetElapsedTime(started) < length; mine++)
                {
                    connection.Send(request);
                }

                Interlocked.Add(ref requests, mine);
            }
            catch (Exception exception)
            {
                trouble = exception;
            }
        }
    }
}
