using System.Net;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Tests.Support;

namespace CalendlySlices.Tests.Infrastructure.Tokens;

public sealed class RefreshHttpTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_hundred_requests_with_an_expired_token_make_one_refresh_and_are_all_answered()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        app.Clock.Advance(TimeSpan.FromHours(2) + TimeSpan.FromSeconds(1));

        // Each asks for something else, so that no answer is shared on the way.
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(async number =>
        {
            var from = new DateTime(2025, 8, 1).AddDays(number).ToString("yyyy-MM-dd", null);
            using var answer = await ana.GetAsync($"/api/calendly/events/scheduled?minStartTime={from}&count=5", Cancel);
            return answer.StatusCode;
        }));

        Assert.All(answers, status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Equal(1, app.Emulator.TokenCalls);
        Assert.Equal(0, app.Emulator.SpentRefreshTokensPresented);
        Assert.Equal(200, app.Emulator.Journal.Count(call => call is { Path: "/scheduled_events", Status: 200 }));
        Assert.DoesNotContain(app.Emulator.Journal, call => call.Status == 401);
    }

    [Fact]
    public async Task Requests_of_different_people_refresh_side_by_side_once_each()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        using var priya = await app.ClientAsync("priya");
        using var olu = await app.ClientAsync("olu");
        app.Clock.Advance(TimeSpan.FromHours(3));

        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(async number =>
        {
            var client = (number % 3) switch { 0 => ana, 1 => priya, _ => olu };
            using var answer = await client.GetAsync($"/api/calendly/events/scheduled?count={1 + (number / 3)}", Cancel);
            return answer.StatusCode;
        }));

        Assert.All(answers, status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Equal(3, app.Emulator.TokenCalls);
        Assert.Equal(0, app.Emulator.SpentRefreshTokensPresented);
    }

    [Fact]
    public async Task A_day_of_use_refreshes_again_and_again_and_never_presents_a_spent_token()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");

        for (var hour = 0; hour < 24; hour += 3)
        {
            app.Clock.Advance(TimeSpan.FromHours(3));
            using var answer = await ana.GetAsync("/api/calendly/events/scheduled", Cancel);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        Assert.Equal(8, app.Emulator.TokenCalls);
        Assert.Equal(0, app.Emulator.SpentRefreshTokensPresented);
    }

    [Fact]
    public async Task A_cancellation_with_an_expired_token_is_sent_once_after_the_refresh()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        app.Clock.Advance(TimeSpan.FromHours(2));
        var id = EmulatedIds.Session("ana", "tomorrow-nine");

        using var answer = await DashboardApp.PostJsonAsync(ana, "/api/calendly/events/cancel", $"{{\"uuid\":\"{id}\"}}");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(1, app.Emulator.TokenCalls);
        Assert.Single(app.Emulator.Journal, call => call is { Method: "POST", Status: 201 });
    }

    [Fact]
    public async Task While_the_token_endpoint_fails_nobody_is_told_to_reconnect()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        app.Emulator.Faults.Add(new Fault("/oauth/token", FaultKind.Status) { Status = 503 });
        app.Clock.Advance(TimeSpan.FromHours(3));

        using var failed = await ana.GetAsync("/api/calendly/events/scheduled", Cancel);
        app.Clock.Advance(TimeSpan.FromMinutes(6));
        using var well = await ana.GetAsync("/api/calendly/events/scheduled", Cancel);

        Assert.Equal("CALENDLY_UNAVAILABLE", failed.ErrorCode());
        Assert.Equal(HttpStatusCode.OK, well.StatusCode);
        Assert.Equal(0, app.Emulator.SpentRefreshTokensPresented);
    }
}
