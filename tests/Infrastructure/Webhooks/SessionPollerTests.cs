using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Bookings;
using CalendlySlices.Infrastructure.Live;
using CalendlySlices.Tests.Support;

namespace CalendlySlices.Tests.Infrastructure.Webhooks;

public sealed class SessionPollerOnSqliteTests() : SessionPollerTests(Engine.Sqlite);

public sealed class SessionPollerOnPostgreSqlTests() : SessionPollerTests(Engine.PostgreSql);

public abstract class SessionPollerTests(Engine engine) : IDisposable
{
    private static readonly int[] Pauses = [2, 4, 8, 15];

    private readonly SubscriptionRig _rig = new(engine, publicBaseUrl: null);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_two_instances_one_looks_and_only_while_a_page_is_open()
    {
        using var other = new SubscriptionRig(engine, _rig, publicBaseUrl: null);
        var dana = await _rig.ConnectAsync();
        _rig.Book("seen on the page already");
        _rig.Clock.Advance(TimeSpan.FromMinutes(5));
        await _rig.Poller.WorkAsync(Cancel);
        using var second = other.Pages.Open(dana);
        using (_rig.Pages.Open(dana))
        {
            await Task.WhenAll(_rig.Poller.WorkAsync(Cancel), other.Poller.WorkAsync(Cancel));
            Assert.Empty(_rig.Calendly.Calls);

            _rig.Clock.Advance(TimeSpan.FromSeconds(100));
            _rig.Book("1");
            _rig.Clock.Advance(TimeSpan.FromSeconds(35));
            await Task.WhenAll(_rig.Poller.WorkAsync(Cancel), other.Poller.WorkAsync(Cancel));
            Assert.Equal(["list", "invitees 1"], _rig.Calendly.Calls);
        }

        second.Dispose();
        _rig.Clock.Advance(TimeSpan.FromHours(1));
        await Task.WhenAll(_rig.Poller.WorkAsync(Cancel), other.Poller.WorkAsync(Cancel));

        Assert.Equal(1, _rig.Calendly.CountOf("list"));
        var told = Assert.Single(await _rig.ToldAsync(dana));
        Assert.Equal((NoticeKind.Booked, "1"), (told.Kind, told.SessionId));
    }

    [Fact]
    public async Task While_nothing_changes_or_calendly_fails_it_looks_less_and_less_often()
    {
        var dana = await _rig.ConnectAsync();
        using var page = _rig.Pages.Open(dana);
        await _rig.Poller.WorkAsync(Cancel);

        Assert.Equal([2, 4, 8, 15, 15], await MinutesBetweenLooksAsync(5));
        Assert.Equal(TimeSpan.FromMinutes(15), (await _rig.LiveAsync(dana)).Every);

        _rig.Book("1");
        Assert.Equal([15, 2, 4], await MinutesBetweenLooksAsync(3));
        _rig.Calendly.ListFailure = new Failure(FailureCode.CalendlyUnavailable);
        Assert.Equal([8, 15], await MinutesBetweenLooksAsync(2));
    }

    [Fact]
    public async Task What_calendly_failed_to_tell_is_looked_for_again_from_where_it_was_known()
    {
        var dana = await _rig.ConnectAsync();
        using var page = _rig.Pages.Open(dana);
        await _rig.Poller.WorkAsync(Cancel);
        _rig.Clock.Advance(TimeSpan.FromSeconds(140));
        _rig.Book("1");
        _rig.Calendly.ListFailure = new Failure(FailureCode.CalendlyTimeout);
        await _rig.Poller.WorkAsync(Cancel);
        _rig.Calendly.ListFailure = null;
        _rig.Clock.Advance(TimeSpan.FromMinutes(5));

        await _rig.Poller.WorkAsync(Cancel);

        Assert.Single(await _rig.ToldAsync(dana));
    }

    [Fact]
    public async Task For_whoever_is_told_by_calendly_it_looks_every_quarter_of_an_hour_for_what_was_lost()
    {
        using var rig = new SubscriptionRig(engine);
        var dana = await rig.ConnectAsync();
        await rig.Keeper.WorkAsync(Cancel);
        using var page = rig.Pages.Open(dana);
        rig.Clock.Advance(TimeSpan.FromMinutes(14));
        rig.Book("lost");

        await rig.Poller.WorkAsync(Cancel);
        rig.Clock.Advance(TimeSpan.FromMinutes(13));
        await rig.Poller.WorkAsync(Cancel);
        Assert.Equal(1, rig.Calendly.CountOf("list"));
        rig.Clock.Advance(TimeSpan.FromMinutes(4));
        await rig.Poller.WorkAsync(Cancel);

        Assert.Equal(2, rig.Calendly.CountOf("list"));
        Assert.Single(await rig.ToldAsync(dana));
    }

    [Fact]
    public async Task Whoever_has_booked_hears_of_it_while_the_coach_has_no_page_open_until_it_is_over()
    {
        var dana = await _rig.ConnectAsync();
        var rita = await _rig.Store.PersonAsync("persona:rita");
        _rig.Book("1");
        var invitee = _rig.Calendly.Invitees["1"][0];
        var attempt = new BookingAttempt
        {
            Nonce = BookingStore.NewNonce(),
            UserId = rita,
            CoachId = dana,
            CoachSlug = "dana",
            CoachName = "Dana Osei",
            CoachZone = "Africa/Accra",
            EventTypeId = "ET1",
            EventTypeName = "Discovery call",
            Minutes = 30,
            State = BookingState.Opened,
            CreatedAt = default,
            StartsAt = _rig.Calendly.Events["1"].StartTime,
        };
        await _rig.Bookings.SettleAsync(BookingCheck.Booked(await _rig.Bookings.AddAsync(attempt, Cancel), invitee));
        using var page = _rig.Pages.Open(rita);
        await _rig.Poller.WorkAsync(Cancel);
        var since = await _rig.Changes.LastIdAsync(Cancel);
        _rig.Clock.Advance(TimeSpan.FromMinutes(3));
        _rig.Calendly.Events["1"] = _rig.Calendly.Events["1"].Canceled("Noor Haddad", "invitee", _rig.Clock.GetUtcNow());
        _rig.Calendly.Invitees["1"] = [invitee with { Status = "canceled", UpdatedAt = _rig.Clock.GetUtcNow() }];

        await _rig.Poller.WorkAsync(Cancel);

        Assert.Contains(await _rig.Changes.ReadAsync(since, 100, Cancel), change => (change.UserId, change.Kind, change.Subject) == (rita, ChangeKind.Booking, attempt.Nonce));
        var looks = _rig.Calendly.CountOf("list");
        _rig.Clock.Advance(TimeSpan.FromDays(4));
        await _rig.Poller.WorkAsync(Cancel);
        Assert.Equal(looks, _rig.Calendly.CountOf("list"));
    }

    [Fact]
    public async Task Of_a_move_both_halves_are_one_piece_of_news()
    {
        var dana = await _rig.ConnectAsync();
        using var page = _rig.Pages.Open(dana);
        await _rig.Poller.WorkAsync(Cancel);
        _rig.Clock.Advance(TimeSpan.FromMinutes(3));
        _rig.Book("old");
        _rig.Book("new");
        var (before, after) = (_rig.Calendly.Invitees["old"][0], _rig.Calendly.Invitees["new"][0]);
        _rig.Calendly.Events["old"] = _rig.Calendly.Events["old"].Canceled("Noor Haddad", "invitee", _rig.Clock.GetUtcNow());
        _rig.Calendly.Invitees["old"] = [before with { Status = "canceled", Rescheduled = true, NewInvitee = after.Uri }];
        _rig.Calendly.Invitees["new"] = [after with { OldInvitee = before.Uri }];

        await _rig.Poller.WorkAsync(Cancel);

        var told = Assert.Single(await _rig.ToldAsync(dana));
        Assert.Equal((NoticeKind.Moved, "new", _rig.Calendly.Events["old"].StartTime), (told.Kind, told.SessionId, told.Facts!.From));
    }

    public void Dispose()
    {
        _rig.Dispose();
        GC.SuppressFinalize(this);
    }

    // Rounded, since no pause is quite the same.
    private async Task<IReadOnlyList<int>> MinutesBetweenLooksAsync(int looks)
    {
        var pauses = new List<int>();
        while (pauses.Count < looks)
        {
            var (before, minutes) = (_rig.Calendly.CountOf("list"), 0.0);
            while (_rig.Calendly.CountOf("list") == before)
            {
                _rig.Clock.Advance(TimeSpan.FromSeconds(15));
                minutes += 0.25;
                await _rig.Poller.WorkAsync(Cancel);
            }

            pauses.Add(Pauses.MinBy(pause => Math.Abs(pause - minutes)));
        }

        return pauses;
    }
}
