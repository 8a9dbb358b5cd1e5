using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using AngleSharp.Html.Parser;

namespace CalendlySlices.Tests.Support;

/// <summary>Two instances in real mode behind nginx, with a PostgreSQL of their own and a third process as their Calendly:
/// what <c>deploy/run-local.sh</c> runs.</summary>
public sealed class TwoInstances : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("calendly-slices-two-").FullName;
    private Process? _script;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>nginx.</summary>
    public Uri Address => UrlIn("address");

    /// <summary>The process that stands for Calendly, with its hooks for testers.</summary>
    public Uri Calendly => UrlIn("calendly.url");

    /// <summary>How to connect to the instances' database.</summary>
    public string Database => File.ReadAllText(Path.Combine(_folder, "database")).Trim();

    /// <param name="number">1 or 2.</param>
    public Uri Instance(int number) => UrlIn($"instance-{number}.url");

    public int ProcessId(int number) => int.Parse(File.ReadAllText(Path.Combine(_folder, $"instance-{number}.pid")), CultureInfo.InvariantCulture);

    /// <summary>False once the process has ended.</summary>
    public static bool IsAlive(int processId) => Directory.Exists($"/proc/{processId}") && !File.ReadAllText($"/proc/{processId}/status").Contains("State:\tZ", StringComparison.Ordinal);

    public async ValueTask InitializeAsync()
    {
        _script = Start(["--app", Path.Combine(AppContext.BaseDirectory, "CalendlySlices.dll"), "--until-eof"]);
        var said = _script.StandardError.ReadToEndAsync(CancellationToken.None);
        if (await _script.StandardOutput.ReadLineAsync(CancellationToken.None).AsTask().WaitAsync(TimeSpan.FromMinutes(3)) is null)
        {
            throw new InvalidOperationException($"deploy/run-local.sh has ended: {await said}");
        }
    }

    /// <summary>Stops one as a deployment does, and starts it again; returns when it is ready.</summary>
    /// <param name="programs">A folder whose programs are taken before those of the machine.</param>
    public Task RestartAsync(int number, string? programs = null) =>
        RunAsync(Start(["restart", number.ToString(CultureInfo.InvariantCulture)], programs));

    /// <summary>Ends one without a warning to anybody.</summary>
    public Task KillAsync(int number) => RunAsync("kill", number.ToString(CultureInfo.InvariantCulture));

    public Task StopDatabaseAsync() => RunAsync("stop-database");

    public Task StartDatabaseAsync() => RunAsync("start-database");

    /// <summary>A browser's cookies, without following redirects. They are good for nginx and for both instances: browsers
    /// tell hosts apart, not ports.</summary>
    public HttpClient Browser(CookieContainer? cookies = null) =>
        new(new SocketsHttpHandler { CookieContainer = cookies ?? new CookieContainer(), AllowAutoRedirect = false }) { BaseAddress = Address };

    /// <summary>Asks the mock Calendly's hooks.</summary>
    public HttpClient Hooks() => new() { BaseAddress = Calendly };

    /// <summary>Signs in with Calendly and connects, as people do, by pages and forms.</summary>
    /// <param name="form">Where the sign-in page and its form are opened, and <paramref name="back"/> where the way back from Calendly leads.</param>
    public async Task ConnectAsync(HttpClient browser, string account, Uri form, Uri back)
    {
        var token = await TokenAsync(browser, new Uri(form, "/sign-in"));
        using var challenge = await browser.PostAsync(
            new Uri(form, "/sign-in/calendly"), Form(("place", "sessions"), ("__RequestVerificationToken", token)), Cancel);
        Assert.Equal(HttpStatusCode.Redirect, challenge.StatusCode);

        using var calendly = Browser();
        using var consent = await calendly.GetAsync(challenge.Headers.Location, Cancel);
        var page = new HtmlParser().ParseDocument(await consent.TextAsync());
        var fields = page.QuerySelectorAll("input[type=hidden], input[type=checkbox]").Select(input => (input.GetAttribute("name")!, input.GetAttribute("value")!));
        using var allowed = await calendly.PostAsync(
            new Uri(Calendly, "/mock/calendly/oauth/authorize"), Form([.. fields, ("account", account), ("decision", "allow")]), Cancel);
        Assert.Equal(Address.Authority, allowed.Headers.Location?.Authority);

        using var connected = await browser.GetAsync(new Uri(back, allowed.Headers.Location!.PathAndQuery), Cancel);
        Assert.Equal("/sessions", connected.Headers.Location?.ToString());
    }

    /// <summary>The antiforgery token of a page.</summary>
    public static async Task<string> TokenAsync(HttpClient browser, Uri page) =>
        Regex.Match(await browser.GetStringAsync(page, Cancel), "name=\"__RequestVerificationToken\"[^>]*value=\"([^\"]+)\"").Groups[1].Value;

    public static FormUrlEncodedContent Form(params (string Name, string Value)[] fields) =>
        new(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));

    /// <summary>Returns once an instance's answer to a question after its health is this.</summary>
    public async Task UntilAsync(int number, string path, HttpStatusCode status)
    {
        using var client = new HttpClient();
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            using var answer = await client.GetAsync(new Uri(Instance(number), path), Cancel);
            if (answer.StatusCode == status)
            {
                return;
            }

            await pause.WaitForNextTickAsync(patience.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_script is { } script)
        {
            // It ends everything that it has started, and then itself.
            script.StandardInput.Close();
            await script.WaitForExitAsync(CancellationToken.None);
            script.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private Uri UrlIn(string file) => new(File.ReadAllText(Path.Combine(_folder, file)).Trim());

    private Task RunAsync(params string[] command) => RunAsync(Start(command));

    private static async Task RunAsync(Process started)
    {
        using var script = started;
        script.StandardInput.Close();
        var said = script.StandardError.ReadToEndAsync(CancellationToken.None);
        await script.WaitForExitAsync(CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(3), CancellationToken.None);
        if (script.ExitCode != 0)
        {
            throw new InvalidOperationException($"deploy/run-local.sh {string.Join(' ', script.StartInfo.ArgumentList.Skip(3))}: {await said}");
        }
    }

    private Process Start(string[] arguments, string? programs = null)
    {
        var start = new ProcessStartInfo("bash", [Path.Combine(CalendlySlices.Tests.Architecture.Source.Root, "deploy", "run-local.sh"), "--folder", _folder, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DRAIN_SECONDS"] = "1";
        if (programs is not null)
        {
            start.Environment["PATH"] = $"{programs}:{start.Environment["PATH"]}";
        }

        return Process.Start(start)!;
    }
}

/// <summary>All that needs two instances shares them, and so runs one after the other.</summary>
[CollectionDefinition]
public sealed class OnTwoInstances : ICollectionFixture<TwoInstances>;
