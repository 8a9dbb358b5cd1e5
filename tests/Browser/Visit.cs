using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Tests.Support;
using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace CalendlySlices.Tests.Browser;

/// <summary>A person at a browser in front of a running application of their own.</summary>
internal sealed class Visit : IAsyncDisposable
{
    private static readonly string? Pictures = Environment.GetEnvironmentVariable("BROWSER_PICTURES");
    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();
    private static int _picturesTaken;

    private readonly bool _hasScripts;
    private readonly List<string> _complaints = [];

    private Visit(DashboardApp app, IBrowserContext context, IPage page, Uri address, bool hasScripts)
    {
        App = app;
        Context = context;
        Page = page;
        Address = address;
        _hasScripts = hasScripts;
        page.Console += (_, message) => Note(message.Type == "error" ? message.Text : null);
        page.PageError += (_, error) => Note(error);
    }

    public DashboardApp App { get; }

    /// <summary>The browser's own storage and cookies; a second page in it is a second tab.</summary>
    public IBrowserContext Context { get; }

    public IPage Page { get; }

    public Uri Address { get; }

    /// <summary>Starts the application on a free loopback port and opens an empty page.</summary>
    public static async Task<Visit> StartAsync(Browsers browsers, DashboardApp? app = null, BrowserNewContextOptions? options = null)
    {
        app ??= new DashboardApp();
        app.UseKestrel(0);
        app.StartServer();
        var address = app.ClientOptions.BaseAddress;
        options ??= new BrowserNewContextOptions();
        options.BaseURL = address.ToString();
        options.ViewportSize ??= new ViewportSize { Width = 1280, Height = 1000 };
        options.TimezoneId ??= "America/New_York";
        var context = await (await browsers.ChromiumAsync()).NewContextAsync(options);
        context.SetDefaultTimeout(Browsers.Patience);
        await context.AddInitScriptAsync(
            "document.addEventListener('securitypolicyviolation', event => console.error(`${event.violatedDirective} stopped ${event.blockedURI || event.sample}`))");
        return new Visit(app, context, await context.NewPageAsync(), address, options.JavaScriptEnabled != false);
    }

    /// <summary>Signs in and opens a page.</summary>
    public async Task GoAsync(string persona, string path)
    {
        await Page.GotoAsync($"/test/go?as={persona}&to={Uri.EscapeDataString(path)}");
        await SettleAsync();
    }

    /// <summary>Waits until no request runs and the last swap is done. Without scripts a page is at rest as soon as it is there.</summary>
    public Task SettleAsync() => !_hasScripts ? Task.CompletedTask
        : Page.Locator("html[data-app-idle=true]").WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Attached });

    public ILocator TestId(string id) => Page.GetByTestId(id);

    /// <summary>The row of a session, named as in the emulator's data.</summary>
    public ILocator Row(string key, string account = "ana") => Page.Locator($"#session-{EmulatedIds.Session(account, key)}");

    /// <summary>Opens the cancel form inside a row.</summary>
    public async Task<ILocator> OpenCancelAsync(ILocator row)
    {
        await row.GetByTestId("cancel-open").ClickAsync();
        var form = row.GetByTestId("cancel-form");
        await form.WaitForAsync();
        await SettleAsync();
        return form;
    }

    /// <summary>The cancellations that reached Calendly, refused ones included.</summary>
    public IReadOnlyList<JournalEntry> Cancellations() =>
        [.. App.Emulator.Journal.Where(entry => entry.Method == "POST" && entry.Path.EndsWith("/cancellation", StringComparison.Ordinal))];

    /// <summary>Calendly does this to the calls that fit, as often as they come, until the faults are cleared.</summary>
    public void Break(string path, int status, string? method = null) =>
        App.Emulator.Faults.Add(new Fault(path, FaultKind.Status) { Status = status, Method = method, Times = 1000 });

    /// <summary>The page is no wider than the window.</summary>
    public async Task AssertFitsAsync()
    {
        var widths = await Page.EvaluateAsync<int[]>("[document.documentElement.scrollWidth, document.documentElement.clientWidth]");
        Assert.True(widths[0] <= widths[1], $"{Page.Url}: {widths[0]} px of page in a window of {widths[1]} px");
    }

    /// <summary>Nothing that axe can find, on the page as it stands. With <c>BROWSER_PICTURES</c> naming a folder, leaves a
    /// picture of it there.</summary>
    public async Task AssertAccessibleAsync()
    {
        if (Pictures is not null)
        {
            var name = $"{Interlocked.Increment(ref _picturesTaken):000}-{TestContext.Current.Test?.TestDisplayName.Split('.')[^1]}.png";
            await Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Pictures, name.Replace('/', ' ')), FullPage = false });
        }

        // The library's own way opens a second page for each look, which takes longer than the look.
        if (!await Page.EvaluateAsync<bool>("'axe' in window"))
        {
            await Page.EvaluateAsync(Axe);
        }

        var findings = await Page.EvaluateAsync<string[]>("""
            async () => (await axe.run(document, { resultTypes: ['violations'] })).violations
              .map(found => `${found.id}: ${found.help} ${found.nodes.map(node => node.html).join(' | ')}`)
            """);
        Assert.Empty(findings);
    }

    /// <summary>No script error, and nothing that the page's own security policy had to stop.</summary>
    public void AssertNoComplaints() => Assert.Empty(_complaints);

    public async ValueTask DisposeAsync()
    {
        await Context.DisposeAsync();
        await App.DisposeAsync();
    }

    // Chromium reports every answer of 400 and above as an error, and htmx every lost connection; those are asked for on purpose here.
    private void Note(string? complaint)
    {
        if (complaint is not null
            && !complaint.StartsWith("Failed to load resource", StringComparison.Ordinal)
            && !complaint.Contains("Failed to fetch", StringComparison.Ordinal))
        {
            _complaints.Add(complaint);
        }
    }
}
