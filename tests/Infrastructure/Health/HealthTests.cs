using System.Data.Common;
using System.Net;
using System.Text.Json;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Infrastructure.Health;
using CalendlySlices.Infrastructure.Operations;
using CalendlySlices.Tests.Support;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace CalendlySlices.Tests.Infrastructure.Health;

public sealed class HealthTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.PostgreSql)]
    public async Task Whoever_asks_learns_one_word_and_leaves_nothing_behind(Engine engine)
    {
        await using var app = new DashboardApp { OnPostgreSql = engine == Engine.PostgreSql };
        using var anybody = await app.ClientAsync();

        using var live = await anybody.GetAsync("/health/live", Cancel);
        using var ready = await anybody.GetAsync("/health/ready", Cancel);

        Assert.Equal((HttpStatusCode.OK, """{"status":"live"}"""), (live.StatusCode, await live.TextAsync()));
        Assert.Equal((HttpStatusCode.OK, """{"status":"ready"}"""), (ready.StatusCode, await ready.TextAsync()));
        Assert.Equal("application/json", ready.Content.Headers.ContentType!.MediaType);
        Assert.False(ready.Headers.Contains("Set-Cookie"));
        await using var connection = await app.Services.GetRequiredService<DbDataSource>().OpenConnectionAsync(Cancel);
        Assert.Equal(0, await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM marker WHERE name LIKE 'writable%'"));
    }

    [Theory]
    [InlineData("DELETE FROM schema_migration WHERE name = (SELECT max(name) FROM schema_migration)", "a migration is missing")]
    [InlineData("UPDATE token_key SET canary = 'v1.mock.AAAA'", "our key is another")]
    [InlineData("DELETE FROM token_key", "our key is unknown there")]
    [InlineData("CREATE TRIGGER full BEFORE INSERT ON marker BEGIN SELECT RAISE(ABORT, 'marker'); END", "nothing can be written")]
    public async Task It_is_not_ready_where_the_database_is_not_fit_and_does_not_say_why(string harm, string why)
    {
        var clock = new FakeClock();
        await using var app = new DashboardApp(services => services.Replace(ServiceDescriptor.Singleton(new WireTime(clock)))) { OnPostgreSql = false };
        using var anybody = await app.ClientAsync();
        Assert.Equal((HttpStatusCode.OK, """{"status":"ready"}"""), await AskAsync(anybody));
        await using var connection = await app.Services.GetRequiredService<DbDataSource>().OpenConnectionAsync(Cancel);
        await connection.ExecuteAsync(harm);

        // What was found holds for two seconds, however many ask.
        clock.Advance(TimeSpan.FromSeconds(1.9));
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(anybody)).Status);
        clock.Advance(TimeSpan.FromSeconds(0.2));
        Assert.True(await AskAsync(anybody) == (HttpStatusCode.ServiceUnavailable, """{"status":"unavailable"}"""), why);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(anybody, "/health/live"));
    }

    [Fact]
    public async Task A_database_that_takes_longer_than_a_second_is_not_waited_for()
    {
        var clock = new FakeClock();
        await using var app = new DashboardApp(services => services.Replace(ServiceDescriptor.Singleton(new WireTime(clock)))) { OnPostgreSql = false };
        using var anybody = await app.ClientAsync();
        await using var connection = await app.Services.GetRequiredService<DbDataSource>().OpenConnectionAsync(Cancel);
        await connection.ExecuteAsync("BEGIN IMMEDIATE");

        var asked = AskAsync(anybody);
        while (clock.UntilNextTimer is null)
        {
            await Task.Yield();
        }

        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, """{"status":"unavailable"}"""), await asked);

        await connection.ExecuteAsync("ROLLBACK");
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(anybody)).Status);
    }

    [Fact]
    public async Task Calendly_being_down_makes_nobody_unready()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        app.Emulator.Faults.Add(new Fault("/scheduled_events", FaultKind.Status) { Status = 503, Times = 10 });
        Assert.NotEqual(HttpStatusCode.OK, await StatusAsync(ana, "/api/calendly/events/scheduled"));

        Assert.Equal(HttpStatusCode.OK, (await AskAsync(ana)).Status);
    }

    [Fact]
    public async Task An_admin_alone_reads_what_the_parts_know_and_one_that_fails_hides_no_other()
    {
        await using var app = new DashboardApp(services => services.AddHealthFact("broken", _ => _ => throw new InvalidOperationException("marker")));
        using var adam = await app.ClientAsync("adam");
        using var ana = await app.ClientAsync("ana");
        using var anybody = await app.ClientAsync();
        using var read = await ana.GetAsync("/api/calendly/events/scheduled", Cancel);
        using var unreadable = await app.DeliverAsync([], SignedDelivery.Signature([], app.Clock.GetUtcNow()));

        Assert.Equal(HttpStatusCode.Redirect, await StatusAsync(anybody, "/health/deps"));
        using var refused = await ana.GetAsync("/health/deps", Cancel);
        Assert.Equal((HttpStatusCode.Forbidden, "FORBIDDEN_ROLE"), (refused.StatusCode, refused.ErrorCode()));

        using var answer = JsonDocument.Parse(await adam.GetStringAsync("/health/deps", Cancel));
        var facts = answer.RootElement;
        Assert.Equal("mock", facts.GetProperty("mode").GetString());
        Assert.Equal("unknown", facts.GetProperty("broken").GetString());
        Assert.Equal(0, facts.GetProperty("databaseClockOffsetSeconds").GetDouble());
        Assert.Equal("closed", facts.GetProperty("calendly").GetProperty("breaker").GetString());
        Assert.Equal(DateTimeOffset.Parse(DashboardApp.Now, null), facts.GetProperty("calendly").GetProperty("lastSuccessAt").GetDateTimeOffset());
        Assert.Equal(JsonValueKind.Null, facts.GetProperty("calendly").GetProperty("troubleSince").ValueKind);
        Assert.True(facts.GetProperty("connections").GetProperty("connected").GetInt64() > 0);
        Assert.Equal((0, 0), (facts.GetProperty("pendingRevocations").GetInt64(), facts.GetProperty("pairsInJournal").GetInt64()));
        Assert.False(facts.GetProperty("authIncident").GetBoolean());
        Assert.Equal("""{"waiting":0,"held":0,"dead":1}""", facts.GetProperty("deliveries").GetRawText());
        Assert.Equal("""{"retrying":0}""", facts.GetProperty("webhookSubscriptions").GetRawText());
    }

    [Fact]
    public async Task Told_to_stop_it_says_so_at_once_and_goes_on_answering_until_a_balancer_has_noticed()
    {
        var clock = new FakeClock();
        await using var app = new DashboardApp(services => services.Replace(ServiceDescriptor.Singleton(new WireTime(clock)))) { Settings = { ["DRAIN_SECONDS"] = "5" } };
        using var ana = await app.ClientAsync("ana");
        var draining = app.Services.GetRequiredService<Draining>();

        var stop = app.Services.GetServices<IHostedService>().OfType<GracefulStop>().Single().StoppingAsync(Cancel);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, """{"status":"draining"}"""), await AskAsync(ana));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(ana, "/health/live"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(ana, "/sessions"));
        clock.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Equal((false, false), (stop.IsCompleted, draining.StreamsEnd.IsCancellationRequested));
        clock.Advance(TimeSpan.FromSeconds(0.1));
        await stop;
        Assert.True(draining.StreamsEnd.IsCancellationRequested);
    }

    private static async Task<(HttpStatusCode Status, string Body)> AskAsync(HttpClient client)
    {
        using var answer = await client.GetAsync("/health/ready", Cancel);
        return (answer.StatusCode, await answer.TextAsync());
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path, Cancel);
        return answer.StatusCode;
    }
}
