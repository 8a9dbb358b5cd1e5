using System.Net;
using System.Text.Json;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Tests.Support;

namespace CalendlySlices.Tests.Infrastructure.Web;

/// <summary>What every answer of the JSON routes has, whichever route gave it.</summary>
public sealed class ApiAnswersTests
{
    private const string List = "/api/calendly/events/scheduled";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET", "/api/calendly/status", "ana", 200, null)]
    [InlineData("GET", List, "", 401, "NOT_SIGNED_IN")]
    [InlineData("GET", List, "rita", 403, "FORBIDDEN_ROLE")]
    [InlineData("GET", List, "mei", 409, "NOT_CONNECTED")]
    [InlineData("GET", List + "?count=0", "ana", 400, "VALIDATION_FAILED")]
    [InlineData("DELETE", List, "ana", 405, "METHOD_NOT_ALLOWED")]
    [InlineData("GET", "/api/calendly/nowhere", "ana", 404, "NOT_FOUND")]
    public async Task Every_answer_says_which_request_and_which_mode(string method, string path, string persona, int status, string? code)
    {
        await using var app = new DashboardApp();
        using var client = await app.ClientAsync(persona.Length == 0 ? null : persona);

        using var answer = await client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), Cancel);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("mock", answer.Header("X-Calendly-Mode"));
        Assert.Matches("^[0-9a-f]{32}$", answer.Header("X-Request-Id"));
        Assert.Equal(code, answer.ErrorCode());
        var envelope = await answer.JsonAsync();
        Assert.Equal(["data", "error"], envelope.EnumerateObject().Select(property => property.Name));
        Assert.Equal(code, envelope.GetProperty("error") is { ValueKind: JsonValueKind.Object } error ? error.GetProperty("code").GetString() : null);
    }

    [Fact]
    public async Task A_known_wait_is_told_in_a_header_and_in_the_envelope()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        app.Emulator.Faults.Add(new Fault("/scheduled_events", FaultKind.Status) { Status = 429, RetryAfter = TimeSpan.FromSeconds(42), Times = 3 });

        using var answer = await ana.GetAsync(List, Cancel);

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.Equal("42", answer.Header("Retry-After"));
        Assert.Equal(42, (await answer.JsonAsync()).GetProperty("error").GetProperty("details").GetProperty("retryAfterSeconds").GetInt32());
    }

    [Fact]
    public async Task Data_from_memory_tells_its_age_in_whole_seconds()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");

        using var read = await ana.GetAsync(List, Cancel);
        app.Clock.Advance(TimeSpan.FromSeconds(7.9));
        using var kept = await ana.GetAsync(List, Cancel);

        Assert.Null(read.Header("X-Data-Age"));
        Assert.Equal("7", kept.Header("X-Data-Age"));
    }

    [Fact]
    public async Task A_page_token_works_for_its_own_list_and_for_a_day()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        using var priya = await app.ClientAsync("priya");
        using var first = await ana.GetAsync($"{List}?count=1", Cancel);
        var token = (await first.JsonAsync()).GetProperty("data").GetProperty("pagination").GetProperty("nextPageToken").GetString()!;

        using var second = await ana.GetAsync($"{List}?count=1&pageToken={token}", Cancel);
        using var otherFilter = await ana.GetAsync($"{List}?count=1&status=active&pageToken={token}", Cancel);
        using var otherCount = await ana.GetAsync($"{List}?count=2&pageToken={token}", Cancel);
        using var otherPerson = await priya.GetAsync($"{List}?count=1&pageToken={token}", Cancel);
        app.Clock.Advance(TimeSpan.FromHours(24));
        using var again = await app.ClientAsync("ana");
        using var nextDay = await again.GetAsync($"{List}?count=1&pageToken={token}", Cancel);

        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        Assert.All([otherFilter, otherCount, otherPerson, nextDay], answer => Assert.Equal("PAGE_TOKEN_INVALID", answer.ErrorCode()));
    }
}
