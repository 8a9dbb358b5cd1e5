using CalendlySlices.Features.Cancel;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Tests.Support;
using NodaTime;

namespace CalendlySlices.Tests.Features.Cancel;

public class CancelWordsTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 10, 13, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeZone NewYork = DateTimeZoneProviders.Tzdb["America/New_York"];
    private static readonly ScheduledEvent Session = SampleSessions.Session("1", Start);
    private static readonly ScheduledEvent Group = Session with { InviteesCounter = new InviteesCounter(9, 8, 12) };

    [Fact]
    public void One_person_is_named_with_the_guests_counted()
    {
        var withGuests = Session with { EventGuests = [new("a@b.example", null, null), new("c@d.example", null, null)] };

        Assert.Equal("Ben and 2 guests get", CancelWords.Audience(withGuests, [SampleSessions.Person("Ben Okoro")]));
        Assert.Equal("Ben gets", CancelWords.Audience(Session, [SampleSessions.Person("Ben Okoro")]));
    }

    [Fact]
    public void A_group_is_counted_without_those_who_left()
    {
        Assert.Equal("All 8 people get", CancelWords.Audience(Group, [SampleSessions.Person("Ben"), SampleSessions.Person("Mia")]));
        Assert.Equal("Canceled. All 8 people have been told.", CancelWords.Told(Group, null));
    }

    [Fact]
    public void Without_names_the_words_stay_true()
    {
        Assert.Equal("The invitee gets", CancelWords.Audience(Session, null));
        Assert.Equal("1 invitee", CancelWords.Who(Session, null));
        Assert.Equal("Canceled. The invitee has been told.", CancelWords.Told(Session, null));
    }

    [Fact]
    public void Their_clock_is_told_only_when_it_differs()
    {
        Assert.Equal("06:00 for Ana", CancelWords.Their(Session, [SampleSessions.Person("Ana Ruiz", "America/Los_Angeles")], NewYork));
        Assert.Null(CancelWords.Their(Session, [SampleSessions.Person("Ana Ruiz", "America/Toronto")], NewYork));
        Assert.Null(CancelWords.Their(Session, [SampleSessions.Person("Ana Ruiz", "Not/AZone")], NewYork));
    }

    [Fact]
    public void Already_canceled_says_by_whom_and_when_in_the_readers_zone()
    {
        var at = new DateTimeOffset(2026, 3, 10, 18, 2, 0, TimeSpan.Zero);
        var connection = new StubConnections().Current;

        Assert.Equal("Already canceled by Ben Okoro on Tue 10 Mar, 14:02.", CancelWords.Already(new Cancellation("Ben Okoro", null, "invitee", at), connection, NewYork));
        Assert.Equal("Already canceled by you on Tue 10 Mar, 14:02.", CancelWords.Already(new Cancellation("Ana Ruiz", null, "host", at), connection, NewYork));
        Assert.Equal("This session is already canceled.", CancelWords.Already(null, connection, NewYork));
    }

    [Fact]
    public void An_invitee_who_shares_the_hosts_name_is_not_you() =>
        Assert.Equal("Ana Ruiz", CancelWords.By(new Cancellation("Ana Ruiz", null, "invitee", null), new StubConnections().Current));
}
