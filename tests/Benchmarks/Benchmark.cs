using System.Globalization;
using System.Net;
using System.Text;

namespace CalendlySlices.Benchmarks;

/// <summary>Measures the application from outside and prints what was found. Nothing is asserted.</summary>
internal static class Benchmark
{
    private const int Starts = 3;
    private const int Rounds = 5;
    private const int WarmUps = 2;
    private static readonly TimeSpan WarmUpLength = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan RoundLength = TimeSpan.FromSeconds(3);

    /// <param name="args"><c>free-times</c> measures those alone, in a second; <c>coaches</c> their directory, <c>deliveries</c> the answers
    /// to Calendly's, in half a minute each; <c>streams</c> what open pages cost, in two minutes; <c>connections</c> and a PostgreSQL
    /// server's address what many connections cost, in minutes.</param>
    public static async Task Main(string[] args)
    {
        if (args is ["free-times"])
        {
            FreeTimes.Print();
            return;
        }

        if (args is ["coaches"])
        {
            await Coaches.PrintAsync();
            return;
        }

        if (args is ["deliveries"])
        {
            await Deliveries.PrintAsync();
            return;
        }

        if (args is ["streams"])
        {
            await Streams.PrintAsync();
            return;
        }

        if (args is ["connections", var address])
        {
            await Connections.PrintAsync(address);
            return;
        }

        var starts = new List<double>();
        for (var start = 1; start < Starts; start++)
        {
            using var brief = await ServedApp.StartAsync();
            starts.Add(brief.StartedIn.TotalMilliseconds);
        }

        using var app = await ServedApp.StartAsync();
        starts.Add(app.StartedIn.TotalMilliseconds);

        using var browser = new HttpClient(new SocketsHttpHandler { CookieContainer = new CookieContainer(), UseProxy = false }) { BaseAddress = app.Address };
        var weight = await PageWeight.MeasureAsync(browser, "/test/go?as=ana&to=/sessions");
        var cookies = await CookiesAsync(app, "ana");
        var olu = await CookiesAsync(app, "olu");
        var grid = $"/free-times?view=two-weeks&date=2026-03-09&eventType={await browser.GetStringAsync(BenchRoutes.OpenHours)}";
        Target[] targets =
        [
            new("plaintext", Request(BenchRoutes.Plaintext)),
            new("sessions fragment", Request("/sessions", cookies, "HX-Request: true")),
            new("sessions page", Request("/sessions", cookies)),
            new("week grid fragment", Request(grid, olu, "HX-Request: true")),
            new("sessions as JSON", Request("/api/calendly/events/scheduled", cookies)),
        ];

        // Twice around, because the runtime goes on compiling what the first round has shown to be hot.
        for (var round = 0; round < WarmUps; round++)
        {
            foreach (var target in targets)
            {
                Load.Run(app.EndPoint, target.Request, WarmUpLength);
            }
        }

        // Interleaved, so that a busy moment of the machine meets all of them.
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var target in targets)
            {
                target.Samples.Add(Measure(app, target));
            }
        }

        Print(targets);
        Console.WriteLine(Line($"open times in the week grid {Count(await GridAsync(app, grid, olu)),8:N0}"));
        weight.Print();
        Console.WriteLine();
        Console.WriteLine(Line($"start to first answer {Median(starts),8:N0} ms"));
        Console.WriteLine(Line($"memory after the load {app.ResidentBytes / 1024.0 / 1024.0,8:N0} MB resident"));
        FreeTimes.Print();
        await Coaches.PrintAsync();
    }

    private static Sample Measure(ServedApp app, Target target)
    {
        var (allocated, worked) = (app.AllocatedBytes(), app.ProcessorTime);
        var done = Load.Run(app.EndPoint, target.Request, RoundLength);
        return new Sample(
            done.Requests / done.Elapsed.TotalSeconds,
            (app.ProcessorTime - worked).TotalMicroseconds / done.Requests,
            (double)(app.AllocatedBytes() - allocated) / done.Requests);
    }

    private static void Print(Target[] targets)
    {
        var plain = targets[0];
        Console.WriteLine("                      requests/s   ratio   CPU µs/request   CPU ratio   allocated/request");
        foreach (var target in targets)
        {
            var rate = target.Median(sample => sample.Rate);
            var work = target.Median(sample => sample.Work);
            Console.WriteLine(Line(
                $"{target.Name,-20} {rate,11:N0} {rate / plain.Median(sample => sample.Rate),7:N2} {work,16:N1} {plain.Median(sample => sample.Work) / work,11:N2} {target.Median(sample => sample.Allocated),17:N0} B"));
        }

        Console.WriteLine();
    }

    // What a signed-in browser sends along: the session, the zone, and the antiforgery cookie of the first page.
    public static async Task<string> CookiesAsync(ServedApp app, string persona)
    {
        var cookies = new CookieContainer();
        using var browser = new HttpClient(new SocketsHttpHandler { CookieContainer = cookies, UseProxy = false });
        await browser.GetStringAsync(new Uri(app.Address, $"/test/go?as={persona}&to=/sessions"));
        return $"Cookie: {cookies.GetCookieHeader(app.Address)}";
    }

    private static async Task<string> GridAsync(ServedApp app, string path, string cookies)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false, UseProxy = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(app.Address, path));
        request.Headers.TryAddWithoutValidation("Cookie", cookies["Cookie: ".Length..]);
        return await (await client.SendAsync(request)).Content.ReadAsStringAsync();
    }

    private static int Count(string page) => page.Split("name=\"start\"").Length - 1;

    public static byte[] Request(string path, params string[] headers) =>
        Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\n{string.Concat(headers.Select(header => header + "\r\n"))}\r\n");

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <param name="Rate">Requests a second.</param>
    /// <param name="Work">Processor time of the application, in microseconds a request.</param>
    /// <param name="Allocated">Bytes a request.</param>
    private sealed record Sample(double Rate, double Work, double Allocated);

    private sealed record Target(string Name, byte[] Request)
    {
        public List<Sample> Samples { get; } = [];

        public double Median(Func<Sample, double> part) => Benchmark.Median(Samples.Select(part));
    }
}
