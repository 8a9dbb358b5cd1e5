using System.Data.Common;
using System.IO.Compression;
using System.Net;
using System.Text;
using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Infrastructure.Webhooks;
using CalendlySlices.Tests.Support;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CalendlySlices.Tests.Features.Webhooks;

public sealed class WebhooksTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_forged_delivery_is_counted_and_changes_nothing()
    {
        await using var app = new DashboardApp();
        var invitee = app.Books();
        var body = SignedDelivery.Body("invitee.created", invitee, WorldAccounts.Ana);
        app.Emulator.ClearJournal();

        foreach (var signature in new[] { SignedDelivery.Signature(body, app.Clock.GetUtcNow(), "another-key"), SignedDelivery.Signature(body + " ", app.Clock.GetUtcNow()), "t=1,v1=00", null })
        {
            using var answer = await app.DeliverAsync(Encoding.UTF8.GetBytes(body), signature);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            Assert.Empty(await answer.Content.ReadAsByteArrayAsync(Cancel));
        }

        Assert.Equal((4, 0), (Counted(app, DeliveryCounts.Forged), Counted(app, DeliveryCounts.Accepted)));
        Assert.Empty(await app.DeliveriesAsync());
        Assert.Empty(app.Emulator.Journal);
    }

    [Fact]
    public async Task A_good_one_is_kept_before_it_is_answered_and_the_same_again_only_counted()
    {
        await using var app = new DashboardApp();
        var body = SignedDelivery.Body("invitee.created", app.Books(), WorldAccounts.Ana);

        using var first = await app.DeliverAsync(body);
        var kept = Assert.Single(await app.Services.GetRequiredService<WebhookInbox>().ListAsync(null, 10, Cancel));
        using var second = await app.DeliverAsync(body);
        await app.SettledAsync();

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (first.StatusCode, second.StatusCode));
        Assert.Empty(await first.Content.ReadAsByteArrayAsync(Cancel));
        Assert.Equal((1, 1), (Counted(app, DeliveryCounts.Accepted), Counted(app, DeliveryCounts.Duplicate)));
        var entry = await app.Services.GetRequiredService<WebhookInbox>().FindAsync(kept.Id, Cancel);
        Assert.Equal(("done", "applied", 2, 1), (entry!.State, entry.Result, entry.Copies, entry.Attempts));
        Assert.Single(await app.ToldAsync("ana"));
    }

    [Theory]
    [InlineData(180, false)]
    [InlineData(-180, false)]
    [InlineData(181, true)]
    [InlineData(-181, true)]
    [InlineData(82_800, true)]
    public async Task An_old_signature_is_answered_well_and_only_makes_us_look(int secondsAgo, bool isStale)
    {
        await using var app = new DashboardApp();
        var invitee = app.Books();
        app.Cancels(invitee);

        // It says that somebody has booked. The truth is that they have canceled since.
        using var answer = await app.DeliverAsync(SignedDelivery.Body("invitee.created", invitee, WorldAccounts.Ana), app.Clock.GetUtcNow().AddSeconds(-secondsAgo));
        await app.SettledAsync();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal((isStale ? 1 : 0, isStale ? 0 : 1), (Counted(app, DeliveryCounts.Stale), Counted(app, DeliveryCounts.Accepted)));
        Assert.Equal(isStale, Assert.Single(await app.Services.GetRequiredService<WebhookInbox>().ListAsync(null, 10, Cancel)).IsStale);
        Assert.Equal(["canceled"], (await app.ToldAsync("ana")).Select(notice => notice.Kind));
    }

    [Fact]
    public async Task Late_ones_about_one_invitee_cost_one_look()
    {
        await using var app = new DashboardApp();
        var invitee = app.Books();
        for (var number = 0; number < 30; number++)
        {
            using var answer = await app.DeliverAsync(SignedDelivery.Body("invitee.created", invitee, WorldAccounts.Ana, $"{number}"), app.Clock.GetUtcNow().AddHours(-1));
        }

        // All of them due at the same moment.
        await app.SettledAsync();
        await using (var connection = await app.Services.GetRequiredService<DbDataSource>().OpenConnectionAsync(Cancel))
        {
            await connection.ExecuteAsync("UPDATE webhook_delivery SET state = 'dead'");
        }

        app.Emulator.ClearJournal();
        Assert.Equal(30, await app.Services.GetRequiredService<WebhookInbox>().RequeueAsync(null));
        await app.SettledAsync();

        // Two calls for each of the four who work at the same time, at most.
        Assert.InRange(app.Emulator.Journal.Count, 2, 8);
        Assert.Equal(30, (await app.DeliveriesAsync()).Count(delivery => delivery.StartsWith("done", StringComparison.Ordinal)));
        Assert.Single(await app.ToldAsync("ana"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_that_is_too_large_is_refused_before_it_is_read_to_its_end(bool declared)
    {
        await using var app = new DashboardApp();
        using var client = app.CreateDefaultClient();
        var body = new byte[DeliveryLimit + 1];
        using var request = new HttpRequestMessage(HttpMethod.Post, "/webhooks/calendly") { Content = declared ? new ByteArrayContent(body) : new StreamContent(new Endless()) };
        request.Headers.TryAddWithoutValidation(WebhookSignature.Header, SignedDelivery.Signature(body, app.Clock.GetUtcNow()));

        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Equal(1, Counted(app, DeliveryCounts.TooLarge));
        using var largest = await app.DeliverAsync(new byte[DeliveryLimit], SignedDelivery.Signature(new byte[DeliveryLimit], app.Clock.GetUtcNow()));
        Assert.Equal(HttpStatusCode.OK, largest.StatusCode);
    }

    [Fact]
    public async Task The_real_server_takes_more_than_a_form_may_hold_and_closes_on_what_is_too_much()
    {
        await using var app = await AppProcess.StartAsync(new Dictionary<string, string> { ["USE_REAL_CALENDLY"] = "false" });
        using var client = new HttpClient();

        Assert.Equal(HttpStatusCode.OK, await PostAsync(new byte[DeliveryLimit]));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await PostAsync(new byte[DeliveryLimit + 1]));

        async Task<HttpStatusCode> PostAsync(byte[] body)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(app.Address, "/webhooks/calendly")) { Content = new ByteArrayContent(body) };
            request.Headers.TryAddWithoutValidation(WebhookSignature.Header, SignedDelivery.Signature(body, TimeProvider.System.GetUtcNow()));
            using var answer = await client.SendAsync(request, Cancel);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task What_nobody_can_use_is_kept_and_never_worked_on()
    {
        await using var app = new DashboardApp();
        app.Emulator.ClearJournal();
        var compressed = new MemoryStream();
        await using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(SignedDelivery.Body("invitee.created", app.Books(), WorldAccounts.Ana)), Cancel);
        }

        byte[][] bodies =
        [
            compressed.ToArray(),
            Encoding.UTF8.GetBytes("{\"event\":"),
            Encoding.UTF8.GetBytes("[]"),
            [],
            Encoding.UTF8.GetBytes(SignedDelivery.Body("invitee.created", "https://api.calendly.com/scheduled_events/../users", WorldAccounts.Ana.Uri)),
            Encoding.UTF8.GetBytes(SignedDelivery.Body("invitee.created", "https://evil.example/scheduled_events/A/invitees/B", WorldAccounts.Ana.Uri)),
            Encoding.UTF8.GetBytes("""{"event":"invitee.created","created_by":"\ud800","payload":{}}"""),
            Encoding.UTF8.GetBytes(SignedDelivery.Body("meeting_recap.created", "https://api.calendly.com/meeting_recaps/A", WorldAccounts.Ana.Uri)),
        ];
        foreach (var body in bodies)
        {
            using var answer = await app.DeliverAsync(body, SignedDelivery.Signature(body, app.Clock.GetUtcNow()));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        Assert.Equal([.. Enumerable.Repeat("dead unreadable", 7), "ignored unknown-event"], await app.DeliveriesAsync());
        Assert.Equal(8, Counted(app, DeliveryCounts.Ignored));
        Assert.Empty(app.Emulator.Journal);
    }

    [Fact]
    public async Task While_a_key_is_changed_either_will_do_and_the_old_one_is_noticed()
    {
        var log = new CapturedLog();
        await using var app = new DashboardApp(services =>
        {
            services.AddLogging(logging => logging.AddProvider(log));
            services.AddSingleton(new WebhookKeys([new Secret("the-new-key"), new Secret("the-old-key")]));
        });

        using var byNew = await app.DeliverAsync(SignedDelivery.Body("invitee.created", app.Books(), WorldAccounts.Ana), key: "the-new-key");
        Assert.DoesNotContain(log.Lines, line => line.Contains("CALENDLY_WEBHOOK_SIGNING_KEY", StringComparison.Ordinal));
        using var byOld = await app.DeliverAsync(SignedDelivery.Body("invitee.created", app.Books(), WorldAccounts.Ana), key: "the-old-key");
        using var byNone = await app.DeliverAsync(SignedDelivery.Body("invitee.created", app.Books(), WorldAccounts.Ana));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.Unauthorized), (byNew.StatusCode, byOld.StatusCode, byNone.StatusCode));
        Assert.Equal([1, 2], (await app.Services.GetRequiredService<WebhookInbox>().ListAsync(null, 10, Cancel)).Select(entry => entry.KeyNumber).Order());
        Assert.Contains(log.Lines, line => line.Contains("key 2 of CALENDLY_WEBHOOK_SIGNING_KEY", StringComparison.Ordinal));
        Assert.DoesNotContain(log.Lines, line => line.Contains("-key", StringComparison.Ordinal) && line.Contains("the-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_database_calendly_is_asked_to_come_again()
    {
        await using var app = new DashboardApp { OnPostgreSql = false };
        var body = SignedDelivery.Body("invitee.created", app.Books(), WorldAccounts.Ana);
        await using (var connection = await app.Services.GetRequiredService<DbDataSource>().OpenConnectionAsync(Cancel))
        {
            await connection.ExecuteAsync("ALTER TABLE webhook_delivery RENAME TO webhook_delivery_away");
            using var answer = await app.DeliverAsync(body);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(60), answer.Headers.RetryAfter!.Delta);
            Assert.Empty(await answer.Content.ReadAsByteArrayAsync(Cancel));
            await connection.ExecuteAsync("ALTER TABLE webhook_delivery_away RENAME TO webhook_delivery");
        }

        using var again = await app.DeliverAsync(body);
        await app.SettledAsync();
        Assert.Equal(["done applied"], await app.DeliveriesAsync());
    }

    [Fact]
    public async Task An_address_that_floods_us_with_forged_ones_is_not_listened_to_for_a_while()
    {
        // A second that lasts as long as the test; parts of a permit come back all the time.
        await using var app = new DashboardApp(services => services.AddSingleton(_ => new DeliveryPace(DeliveryPace.RefusedPerSecond, TimeSpan.FromHours(1))));
        var statuses = new List<HttpStatusCode>();

        for (var number = 0; number < 110; number++)
        {
            using var answer = await app.DeliverAsync([1], "t=1,v1=00");
            statuses.Add(answer.StatusCode);
        }

        Assert.Equal([.. Enumerable.Repeat(HttpStatusCode.Unauthorized, 100), .. Enumerable.Repeat(HttpStatusCode.TooManyRequests, 10)], statuses);
    }

    [Fact]
    public async Task When_more_than_a_fifth_come_late_somebody_is_asked_to_look_at_the_clock_once()
    {
        var log = new CapturedLog();
        await using var app = new DashboardApp(services => services.AddLogging(logging => logging.AddProvider(log)));
        var (invitee, number) = (app.Books(), 0);

        await DeliverAsync(16, minutesAgo: 0);
        await DeliverAsync(4, minutesAgo: 10);
        Assert.DoesNotContain(log.Lines, Alarms);
        await DeliverAsync(3, minutesAgo: 10);

        Assert.StartsWith("Critical ", Assert.Single(log.Lines, Alarms), StringComparison.Ordinal);

        static bool Alarms(string line) => line.Contains("is this machine's clock right?", StringComparison.Ordinal);

        async Task DeliverAsync(int count, int minutesAgo)
        {
            for (var end = number + count; number < end; number++)
            {
                using var answer = await app.DeliverAsync(SignedDelivery.Body("invitee.created", invitee, WorldAccounts.Ana, $"{number}"), app.Clock.GetUtcNow().AddMinutes(-minutesAgo));
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            }
        }
    }

    [Fact]
    public async Task One_that_is_too_large_alarms_only_where_calendly_s_come_from_otherwise()
    {
        var log = new CapturedLog();
        await using var app = new DashboardApp(services => services.AddLogging(logging => logging.AddProvider(log)));

        using var before = await app.DeliverAsync(new byte[DeliveryLimit + 1], "t=1,v1=00");
        Assert.DoesNotContain(log.Lines, Alarms);
        using var good = await app.DeliverAsync(SignedDelivery.Body("invitee.created", app.Books(), WorldAccounts.Ana));
        using var after = await app.DeliverAsync(new byte[DeliveryLimit + 1], "t=1,v1=00");
        using var again = await app.DeliverAsync(new byte[DeliveryLimit + 1], "t=1,v1=00");

        Assert.All([before, after, again], answer => Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode));
        Assert.Single(log.Lines, Alarms);

        static bool Alarms(string line) => line.StartsWith("Critical ", StringComparison.Ordinal) && line.Contains("262144 bytes", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ten_thousand_made_up_headers_and_bodies_open_nothing()
    {
        await using var app = new DashboardApp(services => services.AddSingleton(_ => new DeliveryPace(1_000_000, TimeSpan.FromSeconds(1))));
        var random = new Random(20_261_129);
        using var client = app.CreateDefaultClient();
        var good = SignedDelivery.Body("invitee.created", app.Books(), WorldAccounts.Ana);
        var goodHeader = SignedDelivery.Signature(good, app.Clock.GetUtcNow());
        var statuses = new Dictionary<int, int>();

        for (var number = 0; number < 10_000; number++)
        {
            var (header, body) = MadeUp(random, goodHeader, good);
            using var request = new HttpRequestMessage(HttpMethod.Post, "/webhooks/calendly") { Content = new ByteArrayContent(body) };
            request.Headers.TryAddWithoutValidation(WebhookSignature.Header, header);
            using var answer = await client.SendAsync(request, Cancel);
            statuses[(int)answer.StatusCode] = statuses.GetValueOrDefault((int)answer.StatusCode) + 1;
        }

        Assert.Equal([401], statuses.Keys);
        Assert.Equal(10_000, Counted(app, DeliveryCounts.Forged));
        Assert.Empty(await app.DeliveriesAsync());
    }

    [Fact]
    public async Task Nothing_of_a_body_is_in_a_log_or_lies_open_in_the_database()
    {
        const string Marker = "Marker Of Tests";
        var log = new CapturedLog();
        await using var app = new DashboardApp(services => services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log)));
        app.Settings["Logging:LogLevel:Default"] = "Trace";
        app.Emulator.Faults.Add(new Fault("/scheduled_events", FaultKind.Status) { Status = 503, Times = 1000 });
        using var waiting = await app.DeliverAsync(SignedDelivery.Body("invitee.created", app.Books("Private Person"), WorldAccounts.Ana));
        await app.SettledAsync();

        var stored = await app.StoredAsync();
        Assert.Contains("webhook_delivery", stored, StringComparison.Ordinal);
        Assert.DoesNotContain(Marker, stored, StringComparison.Ordinal);
        Assert.DoesNotContain("Private Person", stored, StringComparison.Ordinal);
        Assert.NotEmpty(log.Lines);
        Assert.DoesNotContain(log.Lines, line => line.Contains(Marker, StringComparison.Ordinal) || line.Contains(WebhookKeys.Mock, StringComparison.Ordinal));
        await using var connection = await app.Services.GetRequiredService<DbDataSource>().OpenConnectionAsync(Cancel);
        Assert.StartsWith("v1.mock.", await connection.ExecuteScalarAsync<string>("SELECT body FROM webhook_delivery"), StringComparison.Ordinal);
    }

    private const int DeliveryLimit = 256 * 1024;

    // A good header over another body, a good body under another header, and everything in between.
    private static (string Header, byte[] Body) MadeUp(Random random, string goodHeader, string goodBody)
    {
        var bytes = new byte[random.Next(300)];
        random.NextBytes(bytes);
        var text = new string([.. Enumerable.Range(0, random.Next(120)).Select(_ => (char)random.Next(0x20, 0x7f))]);
        var hex = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));
        var cut = goodHeader[..random.Next(goodHeader.Length)];
        var body = Encoding.UTF8.GetBytes(goodBody);
        body[random.Next(body.Length)] ^= (byte)(1 << random.Next(8));
        return random.Next(8) switch
        {
            0 => (text, bytes),
            1 => ($"t={random.NextInt64()},v1={hex}", bytes),
            2 => (goodHeader, bytes),
            3 => (goodHeader, body),
            4 => (cut, Encoding.UTF8.GetBytes(goodBody)),
            5 => ($"t=1772463600,{string.Join(',', Enumerable.Repeat($"v1={hex}", random.Next(1, 9)))}", Encoding.UTF8.GetBytes(goodBody)),
            6 => (goodHeader.Replace("t=", $"t={random.Next(10)}", StringComparison.Ordinal), Encoding.UTF8.GetBytes(goodBody)),
            _ => ($"{text},{goodHeader[2..]}", Encoding.UTF8.GetBytes(goodBody + " ")),
        };
    }

    private static long Counted(DashboardApp app, string result) => app.Services.GetRequiredService<DeliveryCounts>()[result];

    // As long as somebody reads.
    private sealed class Endless : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => count;

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
