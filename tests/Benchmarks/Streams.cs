using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace CalendlySlices.Benchmarks;

/// <summary>What two thousand open pages cost that listen while nothing happens: memory, and the time that a page takes
/// meanwhile, beside the time that it takes without them.</summary>
internal static class Streams
{
    private const int Count = 2000;
    private const int Rounds = 3;

    // Longer than the pause between two heartbeats, so that each stream has some of its work in every round.
    private static readonly TimeSpan RoundLength = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan WarmUpLength = TimeSpan.FromSeconds(8);

    // As many as are measured, for one person and from one address.
    private static readonly Dictionary<string, string> Settings = new()
    {
        ["Live__PerUser"] = "2500",
        ["Live__PerAddress"] = "2500",
        ["Live__PerInstance"] = "2500",
        ["Live__OpensPerMinute"] = "1000000",
    };

    public static async Task PrintAsync()
    {
        using var app = await ServedApp.StartAsync(Settings);
        var cookies = await Benchmark.CookiesAsync(app, "ana");
        var page = Benchmark.Request("/sessions", cookies);
        Load.Run(app.EndPoint, page, WarmUpLength);
        Close(Open(app, cookies));

        var (without, with) = (new List<double>(), new List<double>());
        var (heap, resident) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            without.AddRange(Ask(app, page));
            var (heapBefore, residentBefore) = (app.HeapBytes(), app.ResidentBytes);
            var streams = Open(app, cookies);
            heap.Add((double)(app.HeapBytes() - heapBefore) / Count);
            resident.Add((double)(app.ResidentBytes - residentBefore) / Count);
            with.AddRange(Ask(app, page));
            Close(streams);
        }

        Print(heap, resident, without, with);
    }

    private static void Print(List<double> heap, List<double> resident, List<double> without, List<double> with)
    {
        Console.WriteLine(Line($"{Count:N0} idle streams: {Median(heap) / 1024:N1} kB of managed heap and {Median(resident) / 1024:N1} kB resident each"));
        Console.WriteLine(Line($"sessions page without them: p50 {At(without, 0.5):N2} ms, p99 {At(without, 0.99):N2} ms ({without.Count:N0} requests)"));
        Console.WriteLine(Line($"sessions page beside them:  p50 {At(with, 0.5):N2} ms, p99 {At(with, 0.99):N2} ms ({with.Count:N0} requests)"));
        Console.WriteLine(Line($"ratio: p50 {At(with, 0.5) / At(without, 0.5):N2}, p99 {At(with, 0.99) / At(without, 0.99):N2}"));
    }

    // One after the other on one connection; in milliseconds.
    private static List<double> Ask(ServedApp app, byte[] request)
    {
        using var connection = new RawConnection(app.EndPoint);
        var times = new List<double>();
        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < RoundLength;)
        {
            var asked = Stopwatch.GetTimestamp();
            connection.Send(request);
            times.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
        }

        return times;
    }

    private static List<Socket> Open(ServedApp app, string cookies)
    {
        var request = Benchmark.Request("/live?since=0", cookies);
        var streams = new List<Socket>();
        for (var stream = 0; stream < Count; stream++)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            streams.Add(socket);
            socket.Connect(app.EndPoint);
            socket.Send(request);
            ReadUntilLive(socket);
        }

        return streams;
    }

    private static void ReadUntilLive(Socket socket)
    {
        var (buffer, said) = (new byte[8192], string.Empty);
        while (!said.Contains("event: live", StringComparison.Ordinal))
        {
            var received = socket.Receive(buffer);
            said += Encoding.ASCII.GetString(buffer, 0, received);
            if (received == 0 || !said.StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal))
            {
                throw new InvalidOperationException($"No stream was opened: {said.Split('\r')[0]}.");
            }
        }
    }

    private static void Close(List<Socket> streams) => streams.ForEach(stream => stream.Dispose());

    private static double Median(List<double> values) => At(values, 0.5);

    private static double At(List<double> values, double share) => values.Order().ElementAt((int)((values.Count - 1) * share));

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
