using System.Data.Common;
using System.Globalization;
using System.Net;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Live;
using CalendlySlices.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CalendlySlices.Tests.Features.Bell;

public sealed class BellTests
{
    private static readonly DateTimeOffset Tuesday = new(2026, 3, 3, 14, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_bell_tells_in_the_readers_zone_what_happened_and_where_to_look()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        var facts = new NoticeFacts("Maya Chen", "Discovery call", Tuesday);
        await AddAsync(app, "ana", "booked/1", NoticeKind.Booked, "s1", facts);
        await AddAsync(app, "ana", "canceled/1", NoticeKind.Canceled, "s1", facts);
        await AddAsync(app, "ana", "canceled/2", NoticeKind.Canceled, "s2", facts with { By = "Ana Ruiz", ByHost = true });
        await AddAsync(app, "ana", "moved/1", NoticeKind.Moved, "s3", facts with { From = Tuesday.AddDays(-1) });
        await AddAsync(app, "ana", "no-show/1", NoticeKind.NoShow, "s4", facts);
        await AddAsync(app, "ana", "gap/1", NoticeKind.GapFilled, null, new NoticeFacts(Start: At(14, 10), End: At(16, 4), Count: 3));
        await AddAsync(app, "ana", "off/1", NoticeKind.UpdatesOff, null, new NoticeFacts(Start: At(14, 10)));

        var page = await Text(ana, "/notices");
        Assert.Contains("Maya Chen booked Discovery call, Tue 3 Mar, 09:00", page, StringComparison.Ordinal);
        Assert.Contains("Maya Chen canceled Discovery call, Tue 3 Mar, 09:00", page, StringComparison.Ordinal);
        Assert.Contains("Ana Ruiz canceled Discovery call with Maya Chen, Tue 3 Mar, 09:00", page, StringComparison.Ordinal);
        Assert.Contains("Maya Chen moved Discovery call from Mon 2 Mar, 09:00 to Tue 3 Mar, 09:00", page, StringComparison.Ordinal);
        Assert.Contains("Maya Chen did not come to Discovery call, Tue 3 Mar, 09:00", page, StringComparison.Ordinal);
        Assert.Contains("Live updates were off from 09:10 to 11:04. We caught up: 3 sessions changed.", page, StringComparison.Ordinal);
        Assert.Contains("Live updates are off since Mon 2 Mar, 09:10. We look every 2 minutes instead.", page, StringComparison.Ordinal);
        Assert.Contains("href=\"/sessions/s1\"", page, StringComparison.Ordinal);
        Assert.Contains("href=\"/status\"", page, StringComparison.Ordinal);
        Assert.Contains("data-unread=\"7\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Maya Chen", await app.StoredAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_that_was_shown_is_marked_as_read_and_what_came_meanwhile_is_not()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        await AddAsync(app, "ana", "booked/1", NoticeKind.Booked, "s1", new NoticeFacts("Maya", "Call", Tuesday));
        var shown = app.Clock.GetUtcNow();
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        await AddAsync(app, "ana", "booked/2", NoticeKind.Booked, "s2", new NoticeFacts("Jonas", "Call", Tuesday));

        using var marked = await DashboardApp.PostFormAsync(ana, "/notices/read", ("upTo", shown.ToString("O", CultureInfo.InvariantCulture)));

        Assert.Equal(HttpStatusCode.Redirect, marked.StatusCode);
        Assert.Contains("data-unread=\"1\"", await Text(ana, "/notices"), StringComparison.Ordinal);
        using var nonsense = await DashboardApp.PostFormAsync(ana, "/notices/read", ("upTo", "now"));
        Assert.Equal(HttpStatusCode.BadRequest, nonsense.StatusCode);
    }

    [Fact]
    public async Task A_delegate_reads_the_coachs_bell_and_marks_nothing_and_others_see_their_own()
    {
        await using var app = new DashboardApp();
        using var dora = await app.ClientAsync("dora");
        using var luca = await app.ClientAsync("luca");
        await AddAsync(app, "ana", "booked/1", NoticeKind.Booked, "s1", new NoticeFacts("Maya", "Call", Tuesday));

        var page = await Text(dora, "/notices");
        Assert.Contains("Maya booked Call", page, StringComparison.Ordinal);
        Assert.DoesNotContain("mark-read", page, StringComparison.Ordinal);
        using var refused = await DashboardApp.PostFormAsync(dora, "/notices/read", ("upTo", app.Clock.GetUtcNow().ToString("O", CultureInfo.InvariantCulture)));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Contains("data-unread=\"1\"", await Text(dora, "/notices"), StringComparison.Ordinal);
        Assert.Contains("Nothing yet.", await Text(luca, "/notices"), StringComparison.Ordinal);
        using var adam = await app.ClientAsync("adam");
        Assert.DoesNotContain("data-testid=\"bell\"", await Text(adam, "/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_hears_only_of_sessions_that_its_list_would_show()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        var id = EmulatedIds.Session("ana", "later-today");

        using var known = await DashboardApp.GetFragmentAsync(ana, $"/sessions/news?ids={id},{EmulatedIds.Session("priya", "first")},nonsense!");
        var text = await known.Content.ReadAsStringAsync(Cancel);
        Assert.Contains("1 new, show", text, StringComparison.Ordinal);
        Assert.Contains("#session-next", text, StringComparison.Ordinal);
        using var elsewhere = await DashboardApp.GetFragmentAsync(ana, $"/sessions/news?tab=canceled&ids={id}");
        Assert.DoesNotContain("new, show", await elsewhere.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        using var wrong = await DashboardApp.GetFragmentAsync(ana, $"/sessions/news?tab=nowhere&ids={id}");
        Assert.Equal(HttpStatusCode.NoContent, wrong.StatusCode);
        using var gone = await DashboardApp.GetFragmentAsync(ana, "/sessions/00000000-0000-4000-8000-000000000000/row?live=1");
        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        using var row = await DashboardApp.GetFragmentAsync(ana, $"/sessions/{id}/row?live=1");
        Assert.Contains("has changed", await row.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    private static DateTimeOffset At(int hour, int minute) => new(2026, 3, 2, hour, minute, 0, TimeSpan.Zero);

    private static async Task<string> Text(HttpClient client, string path) => WebUtility.HtmlDecode(await client.GetStringAsync(path, Cancel));

    private static async Task AddAsync(DashboardApp app, string persona, string topic, string kind, string? sessionId, NoticeFacts facts)
    {
        var userId = await app.Services.GetRequiredService<People>().FindOrAddAsync($"persona:{persona}", Cancel);
        await using var connection = await app.Services.GetRequiredService<DbDataSource>().OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        Assert.True(await app.Services.GetRequiredService<Notices>().TryAddAsync(connection, transaction, userId, topic, kind, sessionId, facts));
        await transaction.CommitAsync(Cancel);
        app.Services.GetRequiredService<Changes>().Wake();
    }
}
