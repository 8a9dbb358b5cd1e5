using System.Data.Common;
using System.Net;
using CalendlySlices.Infrastructure.Bookings;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Infrastructure.Live;
using CalendlySlices.Infrastructure.Tokens;
using CalendlySlices.Infrastructure.Webhooks;
using CalendlySlices.Tests.Support;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CalendlySlices.Tests.Infrastructure.Webhooks;

public sealed class WebhookInboxOnSqliteTests() : WebhookInboxTests(Engine.Sqlite);

public sealed class WebhookInboxOnPostgreSqlTests() : WebhookInboxTests(Engine.PostgreSql);

/// <summary>From a signed delivery to what people are told of it.</summary>
public abstract class WebhookInboxTests(Engine engine)
{
    private const string Created = "invitee.created";
    private const string Canceled = "invitee.canceled";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Fifty_of_the_same_at_once_are_applied_once()
    {
        await using var app = App();
        var body = SignedDelivery.Body(Created, app.Books(), WorldAccounts.Ana);
        using var warm = await app.DeliverAsync([], null);
        app.Emulator.ClearJournal();

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => app.DeliverAsync(body)));
        await app.SettledAsync();

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Equal(["done applied"], await app.DeliveriesAsync());
        Assert.Equal(50, Assert.Single(await app.Services.GetRequiredService<WebhookInbox>().ListAsync(null, 10, Cancel)).Copies);
        Assert.Equal(2, app.Emulator.Journal.Count);
        Assert.Single(await app.ToldAsync("ana"));
    }

    [Fact]
    public async Task Pages_hear_which_session_it_is_and_the_bell_who_and_when()
    {
        await using var app = App();
        var ana = await app.PersonIdAsync("ana");
        var invitee = app.Books();

        using var answer = await app.DeliverAsync(SignedDelivery.Body(Created, invitee, WorldAccounts.Ana));
        await app.SettledAsync();

        var notice = Assert.Single(await app.ToldAsync("ana"));
        Assert.Equal((NoticeKind.Booked, CalendlyUri.LastSegment(invitee.EventUri)), (notice.Kind, notice.SessionId));
        Assert.Equal(("Noor Haddad", "Discovery call"), (notice.Facts!.Who, notice.Facts.What));
        Assert.Contains((ChangeKind.Session, notice.SessionId), await ChangesAsync(app, ana));
        Assert.Contains((ChangeKind.Notices, null), await ChangesAsync(app, ana));
    }

    [Fact]
    public async Task A_cancellation_is_final_in_whichever_order_it_is_heard()
    {
        await using var app = App();
        var (early, late) = (app.Books("Early"), app.Books("Late"));
        using var booked = await app.DeliverAsync(SignedDelivery.Body(Created, early, WorldAccounts.Ana));
        await app.SettledAsync();
        app.Cancels(early);
        app.Cancels(late);
        foreach (var body in new[] { SignedDelivery.Body(Canceled, late, WorldAccounts.Ana), SignedDelivery.Body(Created, late, WorldAccounts.Ana), SignedDelivery.Body(Canceled, early, WorldAccounts.Ana) })
        {
            using var answer = await app.DeliverAsync(body);
            await app.SettledAsync();
        }

        Assert.Equal(
            ["booked Early", "canceled Early", "canceled Late"],
            (await app.ToldAsync("ana")).Select(notice => $"{notice.Kind} {notice.Facts!.Who}").Order(StringComparer.Ordinal));
        var canceled = (await app.ToldAsync("ana")).First(notice => notice.Facts!.Who == "Late").Facts!;
        Assert.Equal(("Late", false), (canceled.By, canceled.ByHost));
    }

    [Fact]
    public async Task What_was_read_before_a_cancellation_is_not_told_after_it()
    {
        await using var app = App();
        var (invitee, ana) = (app.Books(), await app.PersonIdAsync("ana"));
        var calendly = app.Services.GetRequiredService<CalendlyApiFor>()(new ConnectionOwner(ana, ReadsOnly: true));
        var sessionId = CalendlyUri.LastSegment(invitee.EventUri);
        Assert.True((await calendly.GetScheduledEventAsync(sessionId, Cancel)).Succeeded(out var session, out _));
        Assert.True((await calendly.GetInviteeAsync(sessionId, invitee.Id, Cancel)).Succeeded(out var before, out _));
        app.Cancels(invitee);
        using var answer = await app.DeliverAsync(SignedDelivery.Body(Canceled, invitee, WorldAccounts.Ana));
        await app.SettledAsync();

        await using (var connection = await app.Services.GetRequiredService<DbDataSource>().OpenConnectionAsync(Cancel))
        {
            await using var transaction = await connection.BeginTransactionAsync(Cancel);
            Assert.False(await app.Services.GetRequiredService<SessionNews>().TellAsync(connection, transaction, ana, session, before));
            await transaction.CommitAsync(Cancel);
        }

        Assert.Equal(["canceled"], (await app.ToldAsync("ana")).Select(notice => notice.Kind));
    }

    [Theory]
    [InlineData("old first")]
    [InlineData("new first")]
    [InlineData("new only")]
    [InlineData("old only")]
    [InlineData("new late")]
    public async Task A_move_is_told_once_and_never_as_a_cancellation_or_a_booking(string order)
    {
        await using var app = App();
        var ana = await app.PersonIdAsync("ana");
        var old = app.Books();
        var moved = app.Moves(old);
        var (first, second) = (SignedDelivery.Body(Canceled, old, WorldAccounts.Ana), SignedDelivery.Body(Created, moved, WorldAccounts.Ana));
        var oldSession = CalendlyUri.LastSegment(old.EventUri);

        using var one = await app.DeliverAsync(order.StartsWith("new", StringComparison.Ordinal) && order != "new late" ? second : first);
        await app.SettledAsync();
        if (order.StartsWith("old", StringComparison.Ordinal) || order == "new late")
        {
            // Pages know at once, the bell waits.
            Assert.Contains((ChangeKind.Session, oldSession), await ChangesAsync(app, ana));
            Assert.Empty(await app.ToldAsync("ana"));
            Assert.Equal(["held"], await app.DeliveriesAsync());
        }

        if (order is "old first" or "new first")
        {
            using var other = await app.DeliverAsync(order == "old first" ? second : first);
            await app.SettledAsync();
            Assert.Single(await app.ToldAsync("ana"));
        }

        app.Clock.Advance(TimeSpan.FromSeconds(10));
        await WokenAsync(app);
        if (order == "new late")
        {
            using var other = await app.DeliverAsync(second);
            await app.SettledAsync();
        }

        var notice = Assert.Single(await app.ToldAsync("ana"));
        Assert.Equal((NoticeKind.Moved, CalendlyUri.LastSegment(moved.EventUri)), (notice.Kind, notice.SessionId));
        Assert.Equal(app.Emulator.At((desk, _) => (desk.World.InviteeById(moved.Id)!.Value.Session.Start, desk.World.InviteeById(old.Id)!.Value.Session.Start)), (notice.Facts!.Start!.Value, notice.Facts.From!.Value));
        Assert.All(await app.DeliveriesAsync(), delivery => Assert.StartsWith("done", delivery, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_move_that_is_moved_on_and_canceled_ends_as_canceled()
    {
        await using var app = App();
        var old = app.Books();
        var next = app.Moves(old);
        var last = app.Moves(next);
        app.Cancels(last);
        foreach (var body in new[] { SignedDelivery.Body(Canceled, old, WorldAccounts.Ana), SignedDelivery.Body(Created, last, WorldAccounts.Ana), SignedDelivery.Body(Canceled, next, WorldAccounts.Ana), SignedDelivery.Body(Created, next, WorldAccounts.Ana), SignedDelivery.Body(Canceled, last, WorldAccounts.Ana) })
        {
            using var answer = await app.DeliverAsync(body);
            await app.SettledAsync();
        }

        app.Clock.Advance(TimeSpan.FromSeconds(10));
        await WokenAsync(app);

        Assert.Equal(NoticeKind.Canceled, Assert.Single(await app.ToldAsync("ana")).Kind);
    }

    [Fact]
    public async Task A_no_show_is_told_once_and_taking_it_back_is_told_to_nobody()
    {
        await using var app = App();
        var session = EmulatedIds.Session("ana", "no-show");
        var uri = $"{CalendlyUri.For("scheduled_events", session)}/invitees/{EmulatedIds.Invitee("ana", "no-show", 0)}";
        var past = $"{CalendlyUri.For("scheduled_events", EmulatedIds.Session("ana", "later-today"))}/invitees/{EmulatedIds.Invitee("ana", "later-today", 0)}";
        foreach (var body in new[] { SignedDelivery.Body("invitee_no_show.created", uri, WorldAccounts.Ana.Uri), SignedDelivery.Body("invitee_no_show.created", uri, WorldAccounts.Ana.Uri, "again"), SignedDelivery.Body("invitee_no_show.deleted", past, WorldAccounts.Ana.Uri) })
        {
            using var answer = await app.DeliverAsync(body);
            await app.SettledAsync();
        }

        var notice = Assert.Single(await app.ToldAsync("ana"));
        Assert.Equal((NoticeKind.NoShow, session), (notice.Kind, notice.SessionId));
        Assert.Equal(["done applied", "done known", "done known"], await app.DeliveriesAsync());
    }

    [Fact]
    public async Task One_user_s_delivery_that_names_another_s_session_changes_nothing_of_either()
    {
        await using var app = App();
        var invitee = app.Books(account: "tom", slug: "chat");
        var (ana, tom) = (await app.PersonIdAsync("ana"), await app.PersonIdAsync("tom"));
        var before = new[] { await ChangesAsync(app, ana), await ChangesAsync(app, tom) };

        using var answer = await app.DeliverAsync(SignedDelivery.Body(Created, invitee, WorldAccounts.Ana));
        using var colleague = await app.DeliverAsync(SignedDelivery.Body(Created, app.Books(account: "priya", slug: "one-to-one"), WorldAccounts.Ana));
        await app.SettledAsync();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.All(await app.DeliveriesAsync(), delivery => Assert.Matches("\\Aignored (gone|not-theirs)\\z", delivery));
        Assert.Empty(await app.ToldAsync("ana"));
        Assert.Empty(await app.ToldAsync("tom"));
        Assert.Empty(await app.ToldAsync("priya"));
        Assert.Equal(before, [await ChangesAsync(app, ana), await ChangesAsync(app, tom)]);
    }

    [Fact]
    public async Task A_session_that_calendly_shows_but_does_not_call_the_user_s_is_not_told()
    {
        // Calendly answers as it would answer Priya.
        var priya = 0L;
        await using var app = App(services => services.AddSingleton<CalendlyApiFor>(provider => _ => ActivatorUtilities.CreateInstance<CalendlyApi>(
            provider, provider.GetRequiredService<IHttpClientFactory>().CreateClient(nameof(ICalendlyApi)), new ConnectionOwner(priya))));
        priya = await app.PersonIdAsync("priya");
        var invitee = app.Books(account: "priya", slug: "one-to-one");

        using var answer = await app.DeliverAsync(SignedDelivery.Body(Created, invitee, WorldAccounts.Ana));
        await app.SettledAsync();

        Assert.Equal(["ignored not-theirs"], await app.DeliveriesAsync());
        Assert.Empty(await app.ToldAsync("ana"));
    }

    [Fact]
    public async Task What_is_nobody_s_or_cannot_be_looked_at_is_ignored_and_forgotten()
    {
        await using var app = App();
        var ana = await app.PersonIdAsync("ana");
        using var nobody = await app.DeliverAsync(SignedDelivery.Body(Created, app.Books(), WorldAccounts.Mei));
        await app.SettledAsync();
        await app.Services.GetRequiredService<ITokenStore>().MarkAsync(ana, 1, ConnectionStatus.NeedsReconnect, "revoked", null, Cancel);
        using var stopped = await app.DeliverAsync(SignedDelivery.Body(Created, app.Books(), WorldAccounts.Ana));
        await app.SettledAsync();
        await app.Services.GetRequiredService<ITokenStore>().DisconnectAsync(await app.PersonIdAsync("priya"), Cancel);
        using var left = await app.DeliverAsync(SignedDelivery.Body(Created, app.Books(), WorldAccounts.Priya));
        await app.SettledAsync();

        Assert.Equal(["ignored no-connection", "ignored not-usable", "ignored no-connection"], await app.DeliveriesAsync());
        await using var connection = await app.Services.GetRequiredService<DbDataSource>().OpenConnectionAsync(Cancel);
        Assert.Equal(0, await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM webhook_delivery WHERE body IS NOT NULL OR (user_id IS NULL AND sender_uri IS NOT NULL)"));
    }

    [Fact]
    public async Task An_outage_is_waited_out_four_times_and_then_it_is_given_up_loudly_while_others_go_on()
    {
        var log = new CapturedLog();
        await using var app = App(services => services.AddLogging(logging => logging.AddProvider(log)));
        var (stuck, other) = (app.Books("Stuck"), app.Books("Other"));
        var path = new Uri(stuck.Uri).AbsolutePath;
        app.Emulator.Faults.Add(new Fault(path, FaultKind.Status) { Status = 400 + 29, Times = 100_000 });

        using var first = await app.DeliverAsync(SignedDelivery.Body(Created, stuck, WorldAccounts.Ana));
        foreach (var minutes in new[] { 1, 5, 30, 120 })
        {
            await app.SettledAsync();
            Assert.Equal(["waiting outage"], await app.DeliveriesAsync());
            app.Clock.Advance(TimeSpan.FromMinutes(minutes) - TimeSpan.FromSeconds(1));
            Assert.Equal(0, await DueAsync(app));
            app.Clock.Advance(TimeSpan.FromSeconds(1));
            app.Services.GetRequiredService<WebhookInbox>().Wake();
        }

        await app.SettledAsync();
        using var second = await app.DeliverAsync(SignedDelivery.Body(Created, other, WorldAccounts.Ana));
        await app.SettledAsync();

        Assert.Equal(["dead outage", "done applied"], await app.DeliveriesAsync());
        Assert.Single(log.Lines, line => line.StartsWith("Critical", StringComparison.Ordinal) && line.Contains("is given up after 5 attempts", StringComparison.Ordinal));

        // Not lost: whoever replays it gets it told.
        app.Emulator.Faults.Clear();
        Assert.Equal(1, await app.Services.GetRequiredService<WebhookInbox>().RequeueAsync(null));
        await app.SettledAsync();
        Assert.Equal(["done applied", "done applied"], await app.DeliveriesAsync());
    }

    [Fact]
    public async Task A_claim_of_a_process_that_has_ended_is_taken_over_and_what_it_still_wants_to_write_is_refused()
    {
        await using var app = App();
        var inbox = app.Services.GetRequiredService<WebhookInbox>();
        var ana = await app.PersonIdAsync("ana");
        using var answer = await app.DeliverAsync(SignedDelivery.Body(Created, app.Books(), WorldAccounts.Ana));
        await app.SettledAsync();
        await using var connection = await app.Services.GetRequiredService<DbDataSource>().OpenConnectionAsync(Cancel);
        var dialect = app.Services.GetRequiredService<CalendlySlices.Infrastructure.Data.Dialect>();

        // As a process leaves it that was killed: first while its claim stands, which the worker of this one is not woken to see.
        await connection.ExecuteAsync(
            $"UPDATE webhook_delivery SET state = 'waiting', result = NULL, claim = 'of the dead', claimed_until = {dialect.RealLater("60")}; DELETE FROM notice");
        Assert.Empty(await inbox.ClaimAsync(10, Cancel));
        await connection.ExecuteAsync($"UPDATE webhook_delivery SET claimed_until = {dialect.RealLater("-1")}");
        inbox.Wake();
        await app.SettledAsync();

        Assert.Single(await app.ToldAsync("ana"));
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        var dead = new ClaimedDelivery { Id = 1, Event = Created, SenderUri = WorldAccounts.Ana.Uri, SessionId = "S", InviteeId = "I", Claim = "of the dead", UpTo = 1 };
        Assert.False(await inbox.TrySettleAsync(connection, transaction, dead, ana));
        Assert.False(await inbox.TryHoldAsync(connection, transaction, dead, ana, TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task A_disconnection_takes_what_waits_and_what_was_told_with_it()
    {
        await using var app = App();
        var ana = await app.PersonIdAsync("ana");
        var old = app.Books();
        app.Moves(old);
        foreach (var body in new[] { SignedDelivery.Body(Created, app.Books(), WorldAccounts.Ana), SignedDelivery.Body(Canceled, old, WorldAccounts.Ana) })
        {
            using var answer = await app.DeliverAsync(body);
            await app.SettledAsync();
        }

        Assert.Equal(["done applied", "held"], await app.DeliveriesAsync());
        await app.Services.GetRequiredService<ITokenStore>().DisconnectAsync(ana, Cancel);

        Assert.Empty(await app.DeliveriesAsync());
        Assert.Empty(await app.ToldAsync("ana"));
        Assert.Equal((ChangeKind.Connection, null), (await ChangesAsync(app, ana))[^1]);
    }

    [Fact]
    public async Task Another_account_begins_without_what_the_one_before_was_told()
    {
        await using var app = App();
        var ana = await app.PersonIdAsync("ana");
        using var answer = await app.DeliverAsync(SignedDelivery.Body(Created, app.Books(), WorldAccounts.Ana));
        await app.SettledAsync();
        var store = app.Services.GetRequiredService<ITokenStore>();
        var changes = (await ChangesAsync(app, ana)).Count;

        await store.ConnectAsync(ana, TokenStoreRig.Pair(2, WorldAccounts.Ana.Uri), Cancel);
        Assert.Single(await app.ToldAsync("ana"));
        await store.ConnectAsync(ana, TokenStoreRig.Pair(3, WorldAccounts.AnaHome.Uri), Cancel);

        Assert.Empty(await app.DeliveriesAsync());
        Assert.Empty(await app.ToldAsync("ana"));
        Assert.Equal([(ChangeKind.Connection, null), (ChangeKind.Connection, null)], (await ChangesAsync(app, ana)).Skip(changes));
    }

    [Fact]
    public async Task Whoever_booked_here_hears_it_too()
    {
        await using var app = App();
        var rita = await app.PersonIdAsync("rita");
        var booking = (await app.Services.GetRequiredService<BookingStore>().OfUserAsync(rita, Cancel)).First(booking => booking.Nonce.Contains("later-today", StringComparison.Ordinal));
        var nonce = booking.Nonce;
        var before = (await ChangesAsync(app, rita)).Count;
        app.Emulator.At((desk, now) => desk.Cancel(CalendlyUri.LastSegment(booking.InviteeUri!), null, now));

        using var byInvitee = await app.DeliverAsync(SignedDelivery.Body(Canceled, booking.InviteeUri!, WorldAccounts.Ana.Uri));
        await app.SettledAsync();
        Assert.Equal([(ChangeKind.Booking, nonce)], (await ChangesAsync(app, rita)).Skip(before));
        using var byNonce = await app.DeliverAsync(SignedDelivery.Body(Created, app.Books(nonce: nonce), WorldAccounts.Ana));
        await app.SettledAsync();
        Assert.Equal([(ChangeKind.Booking, nonce), (ChangeKind.Booking, nonce)], (await ChangesAsync(app, rita)).Skip(before));
    }

    [Fact]
    public async Task A_changed_event_type_has_its_pages_look_anew_and_nobody_told()
    {
        await using var app = App();
        var id = EmulatedIds.EventType("ana", "discovery-call");
        app.Emulator.ClearJournal();

        using var answer = await app.DeliverAsync(SignedDelivery.Body("event_type.updated", CalendlyUri.For("event_types", id), WorldAccounts.Ana.Uri));
        await app.SettledAsync();

        Assert.Equal((ChangeKind.EventType, id), (await ChangesAsync(app, await app.PersonIdAsync("ana")))[^1]);
        Assert.Empty(await app.ToldAsync("ana"));
        Assert.Empty(app.Emulator.Journal);
    }

    [Fact]
    public async Task The_subscription_knows_when_it_was_last_heard_of()
    {
        await using var app = App();
        var ana = await app.PersonIdAsync("ana");
        await using var connection = await app.Services.GetRequiredService<DbDataSource>().OpenConnectionAsync(Cancel);
        await connection.ExecuteAsync(
            "DELETE FROM webhook_subscription; INSERT INTO webhook_subscription (user_id, calendly_user_uri, state, since, due_at, look_due_at) VALUES (@ana, @Uri, 'active', @now, @later, @later)",
            new { ana, WorldAccounts.Ana.Uri, now = app.Clock.GetUtcNow(), later = app.Clock.GetUtcNow().AddDays(1) });

        using var answer = await app.DeliverAsync(SignedDelivery.Body(Created, app.Books(), WorldAccounts.Ana));
        await app.SettledAsync();

        Assert.Equal(app.Clock.GetUtcNow(), await connection.ExecuteScalarAsync<DateTimeOffset>("SELECT last_delivery_at FROM webhook_subscription WHERE user_id = @ana", new { ana }));
    }

    [Fact(Timeout = 60_000)]
    public async Task Told_to_stop_while_it_asks_for_work_it_stops()
    {
        await using var app = App();
        await using var silent = new SilentDatabase();
        var inbox = ActivatorUtilities.CreateInstance<WebhookInbox>(app.Services, silent);
        using var worker = ActivatorUtilities.CreateInstance<InboxWorker>(app.Services, inbox);
        await worker.StartAsync(Cancel);
        await silent.Asked;

        await worker.StopAsync(Cancel);

        Assert.True(worker.ExecuteTask!.IsCompleted);
    }

    private DashboardApp App(Action<IServiceCollection>? replace = null) => new(replace) { OnPostgreSql = engine == Engine.PostgreSql };

    private static async Task WokenAsync(DashboardApp app)
    {
        app.Services.GetRequiredService<WebhookInbox>().Wake();
        await app.SettledAsync();
    }

    private static async Task<IReadOnlyList<(string Kind, string? Subject)>> ChangesAsync(DashboardApp app, long userId)
    {
        await using var connection = await app.Services.GetRequiredService<DbDataSource>().OpenConnectionAsync(Cancel);
        return [.. await connection.QueryAsync<(string Kind, string? Subject)>("SELECT kind, subject FROM page_change WHERE user_id = @userId ORDER BY id", new { userId })];
    }

    private static async Task<long> DueAsync(DashboardApp app)
    {
        await using var connection = await app.Services.GetRequiredService<DbDataSource>().OpenConnectionAsync(Cancel);
        return await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM webhook_delivery WHERE state = 'waiting' AND due_at <= @now", new { now = app.Clock.GetUtcNow() });
    }

    // Never answers, and lets whoever asks leave.
    private sealed class SilentDatabase : DbDataSource
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Asked => _asked.Task;

        public override string ConnectionString => string.Empty;

        protected override DbConnection CreateDbConnection() => throw new NotSupportedException();

        protected override async ValueTask<DbConnection> OpenDbConnectionAsync(CancellationToken cancellationToken = default)
        {
            _asked.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            throw new NotSupportedException();
        }
    }
}
