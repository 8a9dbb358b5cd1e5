using CalendlySlices.Tests.Support;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace CalendlySlices.Tests.Browser;

/// <summary>A person at a browser in front of a running application of their own.</summary>
internal sealed class Visit : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly List<string> _complaints = [];

    private Visit(DashboardApp app, IBrowserContext context, IPage page, Uri address)
    {
        App = app;
        _context = context;
        Page = page;
        Address = address;
        page.Console += (_, message) => Note(message.Type == "error" ? message.Text : null);
        page.PageError += (_, error) => Note(error);
    }

    public DashboardApp App { get; }

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
        context.SetDefaultTimeout(15_000);
        return new Visit(app, context, await context.NewPageAsync(), address);
    }

    /// <summary>Signs in and opens a page.</summary>
    public async Task GoAsync(string persona, string path)
    {
        await Page.GotoAsync($"/test/go?as={persona}&to={Uri.EscapeDataString(path)}");
        await SettleAsync();
    }

    /// <summary>Waits until no request runs and the last swap is done.</summary>
    public Task SettleAsync() => Page.Locator("html[data-app-idle=true]").WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Attached });

    public ILocator TestId(string id) => Page.GetByTestId(id);

    /// <summary>Nothing that axe can find, on the page as it stands.</summary>
    public async Task AssertAccessibleAsync()
    {
        AxeResult result = await Page.RunAxe();
        Assert.True(
            result.Violations.Length == 0,
            string.Join('\n', result.Violations.Select(violation => $"{violation.Id}: {violation.Help} {string.Join(" | ", violation.Nodes.Select(node => node.Html))}")));
    }

    /// <summary>No script error, and nothing that the page's own security policy had to stop.</summary>
    public void AssertNoComplaints() => Assert.Empty(_complaints);

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeAsync();
        await App.DisposeAsync();
    }

    // Chromium reports every answer of 400 and above as an error; those are asked for on purpose here.
    private void Note(string? complaint)
    {
        if (complaint is not null && !complaint.StartsWith("Failed to load resource", StringComparison.Ordinal))
        {
            _complaints.Add(complaint);
        }
    }
}
