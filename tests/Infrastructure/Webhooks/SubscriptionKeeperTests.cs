using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Live;
using CalendlySlices.Infrastructure.Webhooks;
using CalendlySlices.Tests.Support;
using Dapper;

namespace CalendlySlices.Tests.Infrastructure.Webhooks;

public sealed class SubscriptionKeeperOnSqliteTests() : SubscriptionKeeperTests(Engine.Sqlite);

public sealed class SubscriptionKeeperOnPostgreSqlTests() : SubscriptionKeeperTests(Engine.PostgreSql);

public abstract class SubscriptionKeeperTests(Engine engine) : IDisposable
{
    private readonly SubscriptionRig _rig = new(engine);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_connection_gets_one_subscription_for_all_that_pages_show_and_it_is_looked_at_hourly()
    {
        var dana = await _rig.ConnectAsync();

        await _rig.Keeper.WorkAsync(Cancel);

        var request = Assert.Single(_rig.Calendly.SubscriptionRequests);
        Assert.Equal((SubscriptionRig.Ours, "user", TokenStoreRig.Organization, TokenStoreRig.Owner), (request.Url, request.Scope, request.Organization, request.User));
        Assert.Equal(
            ["invitee.created", "invitee.canceled", "invitee_no_show.created", "invitee_no_show.deleted", "event_type.created", "event_type.updated", "event_type.deleted"],
            request.Events);
        var live = await _rig.LiveAsync(dana);
        Assert.Equal((LiveUpdateState.On, _rig.Clock.GetUtcNow(), null), (live.State, live.Since, live.Every));

        _rig.Clock.Advance(TimeSpan.FromMinutes(54));
        await _rig.Keeper.WorkAsync(Cancel);
        Assert.Equal(1, _rig.Calendly.CountOf("subscriptions"));
        _rig.Clock.Advance(TimeSpan.FromMinutes(7));
        await _rig.Keeper.WorkAsync(Cancel);
        Assert.Equal(2, _rig.Calendly.CountOf("subscriptions"));
        Assert.Equal(1, _rig.Calendly.CountOf("subscribe"));
        Assert.Empty(await _rig.ToldAsync(dana));
        var counts = await _rig.Subscriptions.CountByStateAsync(Cancel);
        Assert.Equal((1, 0), (counts[SubscriptionState.Active], counts["retrying"]));
    }

    [Fact]
    public async Task One_whose_answer_was_lost_is_found_and_kept()
    {
        var dana = await _rig.ConnectAsync();
        _rig.Calendly.Subscribes.Enqueue(make =>
        {
            make();
            return new Failure(FailureCode.CalendlyTimeout);
        });

        await _rig.Keeper.WorkAsync(Cancel);
        Assert.Equal((LiveUpdateState.NotOn, LiveUpdateReason.NotYet), Stand(await _rig.LiveAsync(dana)));
        _rig.Clock.Advance(TimeSpan.FromMinutes(1));
        await _rig.Keeper.WorkAsync(Cancel);

        Assert.Equal(LiveUpdateState.On, (await _rig.LiveAsync(dana)).State);
        Assert.Equal(1, _rig.Calendly.CountOf("subscribe"));
        Assert.Single(_rig.Calendly.Subscriptions);
    }

    [Fact]
    public async Task One_that_appears_between_looking_and_asking_is_adopted()
    {
        var dana = await _rig.ConnectAsync();
        _rig.Calendly.Subscribes.Enqueue(make =>
        {
            make();
            return make();
        });

        await _rig.Keeper.WorkAsync(Cancel);

        Assert.Equal(LiveUpdateState.On, (await _rig.LiveAsync(dana)).State);
        Assert.Equal(2, _rig.Calendly.CountOf("subscriptions"));
        Assert.Single(_rig.Calendly.Subscriptions);
    }

    [Fact]
    public async Task One_that_calendly_disabled_is_made_anew_by_one_of_two_instances_which_reads_the_gap_and_tells_of_it_once()
    {
        using var other = new SubscriptionRig(engine, _rig);
        var dana = await _rig.ConnectAsync();
        await Task.WhenAll(_rig.Keeper.WorkAsync(Cancel), other.Keeper.WorkAsync(Cancel));
        Assert.Equal(1, _rig.Calendly.CountOf("subscribe"));
        _rig.Clock.Advance(TimeSpan.FromMinutes(10));
        _rig.Book("before");
        var delivered = await DeliverAsync(dana);
        _rig.Clock.Advance(TimeSpan.FromMinutes(30));
        _rig.Book("missed");
        _rig.Calendly.Subscriptions[0] = _rig.Calendly.Subscriptions[0] with { State = "disabled" };
        _rig.Clock.Advance(TimeSpan.FromMinutes(25));
        var remade = _rig.Clock.GetUtcNow();

        await Task.WhenAll(_rig.Keeper.LookAfterAsync(dana, Cancel), other.Keeper.LookAfterAsync(dana, Cancel));
        await Task.WhenAll(_rig.Keeper.WorkAsync(Cancel), other.Keeper.WorkAsync(Cancel));

        Assert.Equal("active", Assert.Single(_rig.Calendly.Subscriptions).State);
        Assert.Equal(2, _rig.Calendly.CountOf("subscribe"));
        Assert.Equal(1, _rig.Calendly.CountOf("list"));
        var told = await _rig.ToldAsync(dana);
        var gap = Assert.Single(told, notice => notice.Kind == NoticeKind.GapFilled).Facts!;
        Assert.Equal((delivered, remade, 2), (gap.Start!.Value, gap.End!.Value, gap.Count));
        Assert.Equal(2, told.Count(notice => notice.Kind == NoticeKind.Booked));
        Assert.Equal(remade, (await _rig.LiveAsync(dana)).LastGapFilledAt);
        Assert.Single(_rig.Log.Concat(other.Log), line => line.StartsWith("Critical", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_gap_that_calendly_does_not_let_us_read_is_read_later()
    {
        var dana = await _rig.ConnectAsync();
        await _rig.Keeper.WorkAsync(Cancel);
        _rig.Clock.Advance(TimeSpan.FromHours(1));
        _rig.Book("missed");
        _rig.Calendly.Subscriptions.Clear();
        _rig.Calendly.InviteesFailure = new Failure(FailureCode.CalendlyUnavailable);

        await _rig.Keeper.WorkAsync(Cancel);
        Assert.Equal(LiveUpdateState.On, (await _rig.LiveAsync(dana)).State);
        Assert.Empty(await _rig.ToldAsync(dana));
        _rig.Calendly.InviteesFailure = null;
        _rig.Clock.Advance(TimeSpan.FromMinutes(5));
        await _rig.Keeper.WorkAsync(Cancel);

        Assert.Equal(1, Assert.Single(await _rig.ToldAsync(dana), notice => notice.Kind == NoticeKind.GapFilled).Facts!.Count);
        Assert.Equal(2, _rig.Calendly.CountOf("subscribe"));
    }

    [Fact]
    public async Task One_that_leads_to_an_earlier_address_of_ours_is_deleted_and_what_others_have_stays()
    {
        var dana = await _rig.ConnectAsync();
        await _rig.Keeper.WorkAsync(Cancel);
        var ours = _rig.Calendly.Subscriptions[0];
        _rig.Calendly.Subscriptions[0] = ours with { CallbackUrl = "https://old.example/webhooks/calendly" };
        _rig.Calendly.Subscriptions.Add(ours with { Uri = "https://api.calendly.com/webhook_subscriptions/OTHER", CallbackUrl = "https://crm.example/calendly" });
        _rig.Clock.Advance(TimeSpan.FromHours(1));

        await _rig.Keeper.WorkAsync(Cancel);

        Assert.Equal(["https://crm.example/calendly", SubscriptionRig.Ours], _rig.Calendly.Subscriptions.Select(one => one.CallbackUrl));
        Assert.Equal(LiveUpdateState.On, (await _rig.LiveAsync(dana)).State);
    }

    [Fact]
    public async Task A_delivery_that_fails_raises_an_alarm_once_and_stands_on_the_page()
    {
        var dana = await _rig.ConnectAsync();
        await _rig.Keeper.WorkAsync(Cancel);
        var since = _rig.Clock.GetUtcNow().AddMinutes(5);
        _rig.Calendly.Subscriptions[0] = _rig.Calendly.Subscriptions[0] with { RetryStartedAt = since };

        for (var hour = 0; hour < 2; hour++)
        {
            _rig.Clock.Advance(TimeSpan.FromHours(1));
            await _rig.Keeper.WorkAsync(Cancel);
        }

        Assert.Single(_rig.Log, line => line.StartsWith("Warning", StringComparison.Ordinal) && line.Contains("fails to deliver", StringComparison.Ordinal));
        var live = await _rig.LiveAsync(dana);
        Assert.Equal((LiveUpdateState.On, since), (live.State, live.FailingSince));
    }

    [Theory]
    [InlineData(nameof(FailureCode.CalendlyForbidden), "NotAllowed")]
    [InlineData(nameof(FailureCode.ScopeMissing), "ScopeMissing")]
    [InlineData(nameof(FailureCode.ValidationFailed), "Rejected")]
    public async Task What_calendly_refuses_is_asked_again_an_hour_later(string code, string why)
    {
        var dana = await _rig.ConnectAsync();
        _rig.Calendly.Subscribes.Enqueue(_ => new Failure(Enum.Parse<FailureCode>(code)));

        await _rig.Keeper.WorkAsync(Cancel);
        Assert.Equal((LiveUpdateState.NotOn, Enum.Parse<LiveUpdateReason>(why)), Stand(await _rig.LiveAsync(dana)));
        Assert.Equal(TimeSpan.FromMinutes(2), (await _rig.LiveAsync(dana)).Every);
        _rig.Clock.Advance(TimeSpan.FromMinutes(50));
        await _rig.Keeper.WorkAsync(Cancel);
        Assert.Equal(1, _rig.Calendly.CountOf("subscribe"));
        _rig.Clock.Advance(TimeSpan.FromMinutes(10));
        await _rig.Keeper.WorkAsync(Cancel);

        Assert.Equal(LiveUpdateState.On, (await _rig.LiveAsync(dana)).State);
    }

    [Fact]
    public async Task Without_the_permission_calendly_is_not_asked_until_it_is_given()
    {
        var dana = await _rig.ConnectAsync(TokenStoreRig.Owner, "users:read", "event_types:write", "scheduled_events:write");
        await _rig.Keeper.WorkAsync(Cancel);
        Assert.Empty(_rig.Calendly.Calls);
        Assert.Equal((LiveUpdateState.NotOn, LiveUpdateReason.ScopeMissing), Stand(await _rig.LiveAsync(dana)));

        await _rig.ConnectAsync(dana, TokenStoreRig.Owner, "users:read", "scheduled_events:write", RequestedScopes.LiveUpdates);
        await _rig.Keeper.WorkAsync(Cancel);

        Assert.Equal(LiveUpdateState.On, (await _rig.LiveAsync(dana)).State);
        Assert.DoesNotContain(Assert.Single(_rig.Calendly.SubscriptionRequests).Events, name => name.StartsWith("event_type.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_an_address_calendly_is_never_called_and_nothing_is_kept()
    {
        using var rig = new SubscriptionRig(engine, publicBaseUrl: null);
        var dana = await rig.ConnectAsync();

        await rig.Keeper.WorkAsync(Cancel);
        await rig.Live.TurnOnAsync(dana, Cancel);

        Assert.Empty(rig.Calendly.Calls);
        Assert.Null(await rig.Subscriptions.FindAsync(dana, Cancel));
        Assert.Equal((LiveUpdateState.NotOn, LiveUpdateReason.NoAddress), Stand(await rig.LiveAsync(dana)));
    }

    [Fact]
    public async Task Turning_it_on_asks_at_once_but_not_twice_within_ten_seconds()
    {
        var dana = await _rig.ConnectAsync();
        _rig.Calendly.Subscribes.Enqueue(_ => new Failure(FailureCode.CalendlyForbidden));
        _rig.Calendly.Subscribes.Enqueue(_ => new Failure(FailureCode.CalendlyForbidden));
        await _rig.Keeper.WorkAsync(Cancel);

        await _rig.Live.TurnOnAsync(dana, Cancel);
        Assert.Equal(1, _rig.Calendly.CountOf("subscribe"));
        _rig.Clock.Advance(TimeSpan.FromSeconds(10));
        await _rig.Live.TurnOnAsync(dana, Cancel);
        await _rig.Live.TurnOnAsync(dana, Cancel);
        Assert.Equal(2, _rig.Calendly.CountOf("subscribe"));
        _rig.Clock.Advance(TimeSpan.FromSeconds(10));
        await _rig.Live.TurnOnAsync(dana, Cancel);

        Assert.Equal(LiveUpdateState.On, (await _rig.LiveAsync(dana)).State);
    }

    [Fact]
    public async Task Another_account_takes_the_subscription_of_the_earlier_one_out_and_has_it_deleted_with_its_pair()
    {
        var dana = await _rig.ConnectAsync();
        await _rig.Keeper.WorkAsync(Cancel);
        var former = _rig.Calendly.Subscriptions[0].Uri;

        await _rig.ConnectAsync(dana, "https://api.calendly.com/users/ANOTHER");

        Assert.Null(await _rig.Subscriptions.FindAsync(dana, Cancel));
        var pending = Assert.Single(await _rig.Store.Revocations.ClaimAsync(10, Cancel));
        Assert.Equal(former, pending.WebhookUri);
        await _rig.Former.TryEndAsync(dana, former, new Secret("access-1"), Cancel);
        Assert.Empty(_rig.Calendly.Subscriptions);
    }

    [Fact]
    public async Task Whoever_connects_again_before_the_old_pair_is_revoked_keeps_what_was_found()
    {
        var dana = await _rig.ConnectAsync();
        await _rig.Keeper.WorkAsync(Cancel);
        await _rig.Store.Store.DisconnectAsync(dana, Cancel);
        Assert.Null(await _rig.Subscriptions.FindAsync(dana, Cancel));
        var pending = Assert.Single(await _rig.Store.Revocations.ClaimAsync(10, Cancel));
        await _rig.ConnectAsync(dana, TokenStoreRig.Owner);
        await _rig.Keeper.WorkAsync(Cancel);

        await _rig.Former.TryEndAsync(dana, pending.WebhookUri!, new Secret("access-1"), Cancel);

        Assert.Single(_rig.Calendly.Subscriptions);
        Assert.Equal(1, _rig.Calendly.CountOf("subscribe"));
    }

    public void Dispose()
    {
        _rig.Dispose();
        GC.SuppressFinalize(this);
    }

    private static (LiveUpdateState, LiveUpdateReason?) Stand(LiveUpdates live) => (live.State, live.Why);

    private async Task<DateTimeOffset> DeliverAsync(long userId)
    {
        await using var connection = await _rig.Store.Database.OpenConnectionAsync(Cancel);
        await connection.ExecuteAsync("UPDATE webhook_subscription SET last_delivery_at = @now WHERE user_id = @userId", new { userId, now = _rig.Clock.GetUtcNow() });
        return _rig.Clock.GetUtcNow();
    }
}
