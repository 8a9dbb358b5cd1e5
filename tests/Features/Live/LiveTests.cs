using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using CalendlySlices.Features.Live;
using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Live;
using CalendlySlices.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CalendlySlices.Tests.Features.Live;

public sealed class LiveTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_change_reaches_the_pages_of_its_owner_and_of_the_delegate_and_nobody_elses()
    {
        await using var app = new DashboardApp();
        using var ana = await EventStream.LiveAsync(await app.ClientAsync("ana"));
        using var dora = await EventStream.LiveAsync(await app.ClientAsync("dora"));
        using var priya = await EventStream.LiveAsync(await app.ClientAsync("priya"));
        using var luca = await EventStream.LiveAsync(await app.ClientAsync("luca"));

        await AddAsync(app, "ana", ChangeKind.Session, "one");
        await AddAsync(app, "priya", ChangeKind.EventType, "two");
        await AddAsync(app, "luca", ChangeKind.Booking, "three");

        var first = await ana.NextAsync();
        Assert.Equal(("session", "one"), (first?.Event, first?.Data));
        Assert.Equal(first, await dora.NextAsync());
        Assert.Equal(("event-type", "two"), (await priya.NextAsync()) is { } second ? (second.Event, second.Data) : default);
        Assert.Equal(("booking", "three"), (await luca.NextAsync()) is { } third ? (third.Event, third.Data) : default);
        Assert.Equal("text/event-stream", ana.Answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("no", ana.Answer.Headers.GetValues("X-Accel-Buffering").Single());
        Assert.True(ana.Answer.Headers.CacheControl?.NoStore);
        Assert.Empty(ana.Answer.Content.Headers.ContentEncoding);
        Assert.Contains(await IdAsync(app, "ana"), app.Services.GetRequiredService<OpenPages>().UserIds);
        Assert.DoesNotContain(await IdAsync(app, "dora"), app.Services.GetRequiredService<OpenPages>().UserIds);
    }

    [Fact]
    public async Task What_came_between_page_and_stream_is_told_and_what_is_too_much_becomes_one_word()
    {
        await using var app = new DashboardApp();
        using var client = await app.ClientAsync("ana");
        await AddAsync(app, "ana", ChangeKind.Session, "one");
        await AddAsync(app, "priya", ChangeKind.Session, "hers");
        await AddAsync(app, "ana", ChangeKind.Session, "two");
        var first = await LastAsync(app) - 2;

        using (var resumed = await EventStream.OpenAsync(client, $"/live?since={first}"))
        {
            Assert.Equal("two", (await resumed.NextAsync())?.Data);
            Assert.Equal("live", (await resumed.NextAsync())?.Event);
        }

        using (var again = await EventStream.OpenAsync(client, "/live?since=0", lastEventId: first + 2))
        {
            var live = await again.NextAsync();
            Assert.Equal(("live", Text(first + 2)), (live?.Event, live?.Id));
            Assert.NotNull(live?.Retry);
        }

        for (var index = 0; index < 17; index++)
        {
            await AddAsync(app, "ana", ChangeKind.Session, "more");
        }

        foreach (var since in new[] { first, first + 1_000_000 })
        {
            using var late = await EventStream.OpenAsync(client, $"/live?since={since}");
            Assert.Equal("catch-up", (await late.NextAsync())?.Event);
            Assert.Equal("live", (await late.NextAsync())?.Event);
        }

        using var answer = await client.GetAsync("/live?since=yesterday", Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task Without_a_stream_the_same_is_asked_for()
    {
        await using var app = new DashboardApp();
        using var client = await app.ClientAsync("dora");
        using var nobody = await app.ClientAsync();
        await AddAsync(app, "ana", ChangeKind.Session, "one");
        await AddAsync(app, "ana", ChangeKind.Notices);
        await AddAsync(app, "priya", ChangeKind.Session, "hers");
        var last = await LastAsync(app);

        using var news = JsonDocument.Parse(await client.GetStringAsync($"/live/since?after={last - 2}", Cancel));
        Assert.Equal(last, news.RootElement.GetProperty("last").GetInt64());
        Assert.Equal("notices", Assert.Single(news.RootElement.GetProperty("events").EnumerateArray()).GetProperty("event").GetString());

        using var nothing = JsonDocument.Parse(await client.GetStringAsync($"/live/since?after={last}", Cancel));
        Assert.Equal(0, nothing.RootElement.GetProperty("events").GetArrayLength());
        Assert.Contains("session-expired", await nobody.GetStringAsync("/live/since?after=0", Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_is_not_signed_in_is_told_so_once_and_kindly()
    {
        await using var app = new DashboardApp();
        using var nobody = await app.ClientAsync();

        using var stream = await EventStream.OpenAsync(nobody);

        Assert.Equal(HttpStatusCode.OK, stream.Answer.StatusCode);
        Assert.Equal("session-expired", (await stream.NextAsync())?.Event);
        Assert.Null(await stream.NextAsync());
    }

    [Fact]
    public async Task Signing_out_ends_the_streams_of_that_session_at_once_and_everywhere_all_of_them()
    {
        await using var app = new DashboardApp();
        using var here = await app.ClientAsync("ana");
        using var there = await app.ClientAsync("ana");
        using var one = await EventStream.LiveAsync(here);
        using var two = await EventStream.LiveAsync(there);

        using var signOut = await DashboardApp.PostFormAsync(here, "/sign-out");
        Assert.Equal("session-expired", (await one.NextAsync())?.Event);
        Assert.Null(await one.NextAsync());
        await AddAsync(app, "ana", ChangeKind.Session, "still");
        Assert.Equal("still", (await two.NextAsync())?.Data);

        using var everywhere = await DashboardApp.PostFormAsync(there, "/sign-out/everywhere");
        Assert.Equal("session-expired", (await two.NextAsync())?.Event);
        Assert.Null(await two.NextAsync());
    }

    [Fact]
    public async Task The_fourth_page_takes_the_place_of_the_oldest_and_of_no_other()
    {
        await using var app = new DashboardApp();
        using var client = await app.ClientAsync("ana");
        var streams = new List<EventStream>();
        for (var index = 0; index < 4; index++)
        {
            streams.Add(await EventStream.LiveAsync(client));
        }

        Assert.Equal("superseded", (await streams[0].NextAsync())?.Event);
        Assert.Null(await streams[0].NextAsync());
        await AddAsync(app, "ana", ChangeKind.Session, "all");
        foreach (var stream in streams.Skip(1))
        {
            Assert.Equal("all", (await stream.NextAsync())?.Data);
        }

        streams.ForEach(stream => stream.Dispose());
    }

    [Fact]
    public async Task Pages_opened_faster_than_the_pace_are_asked_to_wait()
    {
        await using var app = new DashboardApp();
        using var client = await app.ClientAsync("ana");
        for (var index = 0; index < 10; index++)
        {
            using var stream = await EventStream.LiveAsync(client);
        }

        using var refused = await EventStream.OpenAsync(client);

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.Answer.StatusCode);
        Assert.InRange(refused.Answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 6);
        using var other = await EventStream.LiveAsync(await app.ClientAsync("priya"));
    }

    [Fact]
    public async Task An_instance_that_is_full_refuses_and_takes_the_next_when_somebody_has_left()
    {
        await using var app = new DashboardApp { Settings = { ["Live:PerInstance"] = "1" } };
        using var priya = await app.ClientAsync("priya");
        using (var ana = await EventStream.LiveAsync(await app.ClientAsync("ana")))
        {
            using var refused = await EventStream.OpenAsync(priya);
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.Answer.StatusCode);
            Assert.NotNull(refused.Answer.Headers.RetryAfter);
        }

        var pages = app.Services.GetRequiredService<OpenPages>();
        while (pages.UserIds.Count > 0)
        {
            await Task.Delay(5, Cancel);
        }

        using var taken = await EventStream.LiveAsync(priya);
    }

    [Fact]
    public async Task One_address_holds_twenty_streams_and_takes_no_room_from_another()
    {
        await using var app = new DashboardApp();
        var streams = app.Services.GetRequiredService<LiveStreams>();
        var held = Enumerable.Range(1, 20).Select(user => streams.Open(new LiveReader(user, user, null, "203.0.113.7"))).ToList();
        Assert.All(held, opened => Assert.True(opened.Succeeded(out _, out _)));

        Assert.False(streams.Open(new LiveReader(21, 21, null, "203.0.113.7")).Succeeded(out _, out var refusal));
        Assert.Equal(FailureCode.RateLimited, refusal.Code);
        Assert.True(streams.Open(new LiveReader(22, 22, null, "203.0.113.8")).Succeeded(out _, out _));

        Assert.True(held[0].Succeeded(out var first, out _));
        streams.Close(first);
        Assert.True(streams.Open(new LiveReader(23, 23, null, "203.0.113.7")).Succeeded(out _, out _));
    }

    [Fact]
    public async Task It_says_that_it_is_there_ends_when_it_is_old_and_notices_a_session_that_has_run_out()
    {
        var time = new FakeClock();
        await using var app = new DashboardApp(services => services.AddSingleton(new WireTime(time)));
        using var client = await app.ClientAsync("ana");
        using (var stream = await EventStream.LiveAsync(client))
        {
            Assert.Equal(":", (await NextAsync(stream, time, TimeSpan.FromSeconds(5)))?.Event);
            (string Event, string? Id, string? Data, string? Retry)? last = null;
            while ((last = await NextAsync(stream, time, TimeSpan.FromSeconds(60)))?.Event == ":")
            {
            }

            Assert.Equal("end", last?.Event);
            Assert.NotNull(last?.Retry);
            Assert.Null(await stream.NextAsync());
        }

        // Nobody has been here for longer than a session may idle; the open page itself does not count.
        using var second = await EventStream.LiveAsync(client);
        app.Clock.Advance(TimeSpan.FromHours(7));
        using (await client.GetAsync("/live/since?after=0", Cancel))
        {
        }

        app.Clock.Advance(TimeSpan.FromHours(6));
        (string Event, string? Id, string? Data, string? Retry)? end;
        while ((end = await NextAsync(second, time, TimeSpan.FromSeconds(5)))?.Event == ":")
        {
        }

        Assert.Equal("session-expired", end?.Event);
    }

    [Fact]
    public async Task A_stop_ends_streams_with_a_hint_when_to_come_back()
    {
        await using var app = new DashboardApp();
        using var stream = await EventStream.LiveAsync(await app.ClientAsync("ana"));

        app.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        var end = await stream.NextAsync();
        Assert.Equal("end", end?.Event);
        Assert.InRange(int.Parse(end?.Retry ?? "0", CultureInfo.InvariantCulture), 1000, 4000);
        Assert.Null(await stream.NextAsync());
    }

    [Fact]
    public async Task A_browser_that_does_not_read_costs_sixteen_changes_and_one_word()
    {
        await using var app = new DashboardApp();
        _ = app.Server;
        var id = await IdAsync(app, "ana");
        var streams = app.Services.GetRequiredService<LiveStreams>();
        Assert.True(streams.Open(new LiveReader(id, id, null, null)).Succeeded(out var stream, out _));
        using var left = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var reads = new SemaphoreSlim(0);
        var sent = new List<string>();
        var run = app.Services.GetRequiredService<LiveHandler>().RunAsync(
            stream,
            await LastAsync(app),
            async bytes =>
            {
                await reads.WaitAsync(left.Token);
                lock (sent)
                {
                    sent.Add(Encoding.UTF8.GetString(bytes).Split('\n')[0]);
                }
            },
            left.Token);
        using var told = new CountdownEvent(40);
        app.Services.GetRequiredService<ChangeFeed>().Happened += _ => told.Signal();
        for (var index = 0; index < 40; index++)
        {
            await AddAsync(app, "ana", ChangeKind.Session, Text(index));
        }

        await Task.Run(() => told.Wait(Cancel), Cancel);
        Assert.Equal(16, stream.Held.Count);
        reads.Release(100);
        await AddAsync(app, "ana", ChangeKind.Connection);
        while (true)
        {
            lock (sent)
            {
                if (sent.Contains("event: connection") || (sent.Contains("event: catch-up") && stream.Held.Count == 0))
                {
                    break;
                }
            }

            await Task.Delay(5, Cancel);
        }

        await left.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.Contains("event: catch-up", sent);
        Assert.True(sent.Count(line => line == "event: session") <= 1, string.Join(", ", sent));
        Assert.Empty(app.Services.GetRequiredService<OpenPages>().UserIds);
    }

    [Fact]
    public async Task A_page_carries_the_number_that_stood_before_it_read_anything()
    {
        await using var app = new DashboardApp();
        using var client = await app.ClientAsync("ana");
        await AddAsync(app, "ana", ChangeKind.Session, "one");
        var last = await LastAsync(app);
        var feed = app.Services.GetRequiredService<ChangeFeed>();
        while (feed.Last < last)
        {
            await Task.Delay(5, Cancel);
        }

        var page = await client.GetStringAsync("/sessions", Cancel);

        Assert.Contains($"hx-sse:connect=\"/live?since={last}\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("hx-sse:connect", await (await app.ClientAsync("adam")).GetStringAsync("/", Cancel), StringComparison.Ordinal);
    }

    private static async Task<(string Event, string? Id, string? Data, string? Retry)?> NextAsync(EventStream stream, FakeClock time, TimeSpan step)
    {
        var next = stream.NextAsync();
        while (await Task.WhenAny(next, Task.Delay(20, Cancel)) != next)
        {
            time.Advance(step);
        }

        return await next;
    }

    private static Task AddAsync(DashboardApp app, string persona, string kind, string? subject = null) => Task.Run(
        async () => await app.Services.GetRequiredService<Changes>().AddAsync(await IdAsync(app, persona), kind, subject), Cancel);

    // Of the last change, once it is told here: a page that comes before may be live first and hear of it then.
    private static async Task<long> LastAsync(DashboardApp app)
    {
        var last = await app.Services.GetRequiredService<Changes>().LastIdAsync(Cancel);
        while (app.Services.GetRequiredService<ChangeFeed>().Last < last)
        {
            await Task.Delay(10, Cancel);
        }

        return last;
    }

    private static Task<long> IdAsync(DashboardApp app, string persona) =>
        app.Services.GetRequiredService<People>().FindOrAddAsync($"persona:{persona}", Cancel);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
