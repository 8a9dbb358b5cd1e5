using System.Net;
using System.Text;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Infrastructure.Web;
using CalendlySlices.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CalendlySlices.Tests.Infrastructure.Web;

public sealed class IdempotencyTests
{
    private const string Path = "/api/calendly/events/cancel";
    private const string Key = "5c1f9d0a-retry";

    private static readonly string Coming = EmulatedIds.Session("ana", "tomorrow-nine");
    private static readonly string Body = $$"""{"uuid":"{{Coming}}","reason":"Ill"}""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.PostgreSql)]
    public async Task The_same_request_gets_the_same_answer_and_is_carried_out_once(Engine engine)
    {
        await using var app = new DashboardApp { OnPostgreSql = engine == Engine.PostgreSql };
        using var ana = await app.ClientAsync("ana");

        using var first = await PostAsync(ana, Key, Body);
        using var second = await PostAsync(ana, Key, Body);

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Null(first.Header("Idempotency-Replayed"));
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        Assert.Equal("true", second.Header("Idempotency-Replayed"));
        Assert.Equal(await first.TextAsync(), await second.TextAsync());
        Assert.Equal(first.Content.Headers.ContentType, second.Content.Headers.ContentType);
        Assert.NotEqual(first.Header("X-Request-Id"), second.Header("X-Request-Id"));
        Assert.Equal(1, Sent(app));
    }

    [Fact]
    public async Task Without_the_key_the_second_is_told_that_it_is_canceled_already()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");

        using var first = await PostAsync(ana, null, Body);
        using var second = await PostAsync(ana, null, Body);

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal("EVENT_ALREADY_CANCELED", second.ErrorCode());
    }

    [Fact]
    public async Task A_refusal_is_kept_with_its_code()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");

        using var first = await PostAsync(ana, Key, """{"uuid":"a/b"}""");
        using var second = await PostAsync(ana, Key, """{"uuid":"a/b"}""");

        Assert.Equal(HttpStatusCode.BadRequest, second.StatusCode);
        Assert.Equal("VALIDATION_FAILED", second.ErrorCode());
        Assert.Equal("true", second.Header("Idempotency-Replayed"));
        Assert.Equal(await first.TextAsync(), await second.TextAsync());
    }

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.PostgreSql)]
    public async Task The_same_key_with_another_body_is_refused_and_nothing_is_done(Engine engine)
    {
        await using var app = new DashboardApp { OnPostgreSql = engine == Engine.PostgreSql };
        using var ana = await app.ClientAsync("ana");
        var other = EmulatedIds.Session("ana", "guests");

        using var first = await PostAsync(ana, Key, Body);
        using var second = await PostAsync(ana, Key, $$"""{"uuid":"{{other}}","reason":"Ill"}""");

        Assert.Equal(HttpStatusCode.Conflict, second.StatusCode);
        Assert.Equal("IDEMPOTENCY_KEY_REUSED", second.ErrorCode());
        Assert.Equal(1, Sent(app));
    }

    [Fact]
    public async Task A_key_belongs_to_one_person()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        using var priya = await app.ClientAsync("priya");

        using var first = await PostAsync(ana, Key, Body);
        using var second = await PostAsync(priya, Key, Body);

        Assert.Null(second.Header("Idempotency-Replayed"));
        Assert.NotEqual(await first.TextAsync(), await second.TextAsync());
    }

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.PostgreSql)]
    public async Task A_key_is_forgotten_after_a_day(Engine engine)
    {
        await using var app = new DashboardApp { OnPostgreSql = engine == Engine.PostgreSql };
        using var ana = await app.ClientAsync("ana");
        using var first = await PostAsync(ana, Key, """{"uuid":"a/b"}""");

        app.Clock.Advance(IdempotencyKeys.AnswerLife - TimeSpan.FromSeconds(1));
        using var client = await app.ClientAsync("ana");
        using var before = await PostAsync(client, Key, """{"uuid":"a/b"}""");
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        using var after = await PostAsync(client, Key, """{"uuid":"c/d"}""");

        Assert.Equal("true", before.Header("Idempotency-Replayed"));
        Assert.Equal("VALIDATION_FAILED", after.ErrorCode());
        Assert.Null(after.Header("Idempotency-Replayed"));
    }

    [Theory]
    [InlineData(429, HttpStatusCode.TooManyRequests)]
    [InlineData(500, HttpStatusCode.ServiceUnavailable)]
    public async Task What_is_not_final_is_tried_again(int status, HttpStatusCode told)
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        app.Emulator.Faults.Add(new Fault($"/scheduled_events/{Coming}", FaultKind.Status) { Method = "GET", Status = status, Times = 3, RetryAfter = TimeSpan.Zero });

        using var first = await PostAsync(ana, Key, Body);
        app.Emulator.Faults.Clear();
        using var second = await PostAsync(ana, Key, Body);

        Assert.Equal(told, first.StatusCode);
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        Assert.Null(second.Header("Idempotency-Replayed"));
        Assert.Equal(1, Sent(app));
    }

    [Fact]
    public async Task An_unknown_outcome_is_not_kept()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        app.Emulator.Faults.Add(new Fault($"/scheduled_events/{Coming}/cancellation", FaultKind.Drop));
        app.Emulator.Faults.Add(new Fault($"/scheduled_events/{Coming}", FaultKind.Delay) { Method = "GET" });
        app.Emulator.Faults.Add(new Fault($"/scheduled_events/{Coming}", FaultKind.Status) { Method = "GET", Status = 500, Times = 3 });

        using var first = await PostAsync(ana, Key, Body);
        app.Emulator.Faults.Clear();
        using var second = await PostAsync(ana, Key, Body);

        Assert.Equal(HttpStatusCode.Accepted, first.StatusCode);
        Assert.Equal("EVENT_ALREADY_CANCELED", second.ErrorCode());
        Assert.Equal(1, Sent(app));
    }

    [Theory]
    [InlineData("with space")]
    [InlineData("tab\tinside")]
    [InlineData("prüfung")]
    [InlineData(256)]
    public async Task A_malformed_key_is_refused_before_anything_happens(object key)
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");

        using var answer = await PostAsync(ana, key as string ?? new string('k', (int)key), Body);

        var problem = (await answer.JsonAsync()).GetProperty("error").GetProperty("details")[0];
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("VALIDATION_FAILED", answer.ErrorCode());
        Assert.Equal("Idempotency-Key", problem.GetProperty("field").GetString());
        Assert.Equal(0, Sent(app));
    }

    // The test server drops a header without a value before it gets anywhere.
    [Fact]
    public void An_empty_key_is_no_key() => Assert.False(IdempotencyKeys.IsWellFormed(string.Empty));

    [Fact]
    public async Task The_longest_key_of_the_strangest_letters_is_taken()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        var key = "!~" + new string('"', IdempotencyKeys.MaxLength - 2);

        using var first = await PostAsync(ana, key, Body);
        using var second = await PostAsync(ana, key, Body);

        Assert.Equal("true", second.Header("Idempotency-Replayed"));
    }

    [Fact]
    public async Task While_the_first_is_worked_on_the_second_is_asked_to_wait()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        app.Emulator.Faults.Add(new Fault($"/scheduled_events/{Coming}", FaultKind.Delay) { Method = "GET", Delay = TimeSpan.FromSeconds(1) });
        var token = await DashboardApp.AntiforgeryTokenAsync(ana);

        // One of the two waits for the clock; the other cannot.
        var both = new List<Task<HttpResponseMessage>> { PostAsync(ana, Key, Body, token), PostAsync(ana, Key, Body, token) };
        var refused = await Task.WhenAny(both);
        using var second = await refused;
        Assert.Equal(HttpStatusCode.Conflict, second.StatusCode);
        Assert.Equal("IDEMPOTENCY_KEY_IN_USE", second.ErrorCode());
        Assert.Equal("1", second.Header("Retry-After"));

        app.Clock.Advance(TimeSpan.FromSeconds(2));
        both.Remove(refused);
        using var first = await both[0];
        using var third = await PostAsync(ana, Key, Body, token);
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal("true", third.Header("Idempotency-Replayed"));
        Assert.Equal(1, Sent(app));
    }

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.PostgreSql)]
    public async Task A_claim_that_nobody_ended_is_given_up_after_five_minutes(Engine engine)
    {
        await using var app = new DashboardApp { OnPostgreSql = engine == Engine.PostgreSql };
        using var ana = await app.ClientAsync("ana");
        using var before = await ana.GetAsync("/api/calendly/status", Cancel);
        var keys = app.Services.GetRequiredService<IdempotencyKeys>();
        var request = new NamedRequest(1, $"POST {Path}", Key, "00");

        Assert.Null(await keys.ClaimAsync(request, "crashed", Cancel));
        app.Clock.Advance(IdempotencyKeys.ClaimLife - TimeSpan.FromSeconds(1));
        Assert.NotNull(await keys.ClaimAsync(request, "later", Cancel));
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await keys.ClaimAsync(request, "later", Cancel));

        // Were the first one alive after all, it could no longer write.
        await keys.KeepAsync("crashed", new KeptAnswer(200, null, []));
        var seen = await keys.ClaimAsync(request, "third", Cancel);
        Assert.NotNull(seen);
        Assert.False(seen.Succeeded(out _, out var failure));
        Assert.Equal(CalendlySlices.Infrastructure.FailureCode.IdempotencyKeyInUse, failure.Code);
    }

    [Fact]
    public async Task Nobody_signed_in_and_no_antiforgery_token_are_refused_before_the_key_counts()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        using var nobody = await app.ClientAsync();

        using var unsigned = await PostAsync(nobody, Key, Body);
        using var without = await PostAsync(ana, Key, Body, "CfDJ8");
        using var then = await PostAsync(ana, Key, Body);

        Assert.Equal(HttpStatusCode.Unauthorized, unsigned.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, without.StatusCode);
        Assert.Equal(HttpStatusCode.OK, then.StatusCode);
        Assert.Null(then.Header("Idempotency-Replayed"));
    }

    private static int Sent(DashboardApp app) => app.Emulator.Journal.Count(call =>
        call.Method == "POST" && call.Path.EndsWith("/cancellation", StringComparison.Ordinal));

    private static async Task<HttpResponseMessage> PostAsync(HttpClient client, string? key, string body, string? token = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add(Htmx.AntiforgeryHeader, token ?? await DashboardApp.AntiforgeryTokenAsync(client));
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        }

        return await client.SendAsync(request, Cancel);
    }
}
