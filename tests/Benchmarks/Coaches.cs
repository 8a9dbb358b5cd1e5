using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace CalendlySlices.Benchmarks;

/// <summary>How long a realtor waits for the directory of fifty coaches when nothing is known of their free times, and how long
/// for those.</summary>
internal static class Coaches
{
    private const int WarmUps = 5;
    private const int Rounds = 11;

    public static async Task PrintAsync()
    {
        using var app = await ServedApp.StartAsync();
        using var browser = new HttpClient(new SocketsHttpHandler { CookieContainer = new CookieContainer(), UseProxy = false }) { BaseAddress = app.Address };
        await browser.GetStringAsync("/test/go?as=rita&to=/coaches");
        var (pages, times, most) = (new List<double>(), new List<double>(), 0);
        for (var round = 0; round < WarmUps + Rounds; round++)
        {
            await browser.GetStringAsync(BenchRoutes.Coaches);
            var started = Stopwatch.GetTimestamp();
            var html = await browser.GetStringAsync("/coaches");
            var painted = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            using var request = new HttpRequestMessage(HttpMethod.Get, "/coaches/soonest");
            request.Headers.Add("HX-Request", "true");
            var answer = await (await browser.SendAsync(request)).Content.ReadAsStringAsync();
            var known = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            if (html.Split("coach-card").Length <= BenchCoaches.Count || answer.Contains("/coaches/soonest", StringComparison.Ordinal))
            {
                throw new InvalidOperationException("The directory is not whole.");
            }

            if (round >= WarmUps)
            {
                pages.Add(painted);
                times.Add(known);
                most = Math.Max(most, int.Parse(await browser.GetStringAsync(BenchRoutes.Coaches), CultureInfo.InvariantCulture));
            }
        }

        Line("coaches, cold: the page", pages);
        Line("coaches, cold: all soonest times", times);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"calls for {BenchCoaches.Count} coaches, at most {most,4:N0}"));
    }

    private static void Line(string what, List<double> samples)
    {
        samples.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-34} {samples[samples.Count / 2],8:N0} ms, the slowest {samples[^1]:N0} ms"));
    }
}
