using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CalendlySlices.Infrastructure.Bookings;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using static CalendlySlices.Tests.Features.Booking.BookingRig;

namespace CalendlySlices.Tests.Features.Booking;

/// <summary>Our own form, for when Calendly's does not load.</summary>
public sealed class WithoutFrameTests
{
    private static readonly string Strategy = $"/book/ana-ruiz/{EmulatedIds.EventType("ana", "listing-strategy")}";

    private static readonly (string, string)[] Good = [("email", "luca@ferri.example"), ("q0", "A new start"), ("location", "1")];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_form_asks_what_the_event_type_asks()
    {
        await using var app = new DashboardApp();
        using var luca = await app.ClientAsync("luca");

        using var form = await FormAsync(luca, Strategy);

        Assert.Equal("Luca Ferri", form.QuerySelector("#booking-name")!.GetAttribute("value"));
        Assert.Equal("Europe/London", form.QuerySelector("#booking-timezone")!.GetAttribute("value"));
        Assert.Equal(["text", "multi_select"], form.QuerySelectorAll("[data-testid=booking-question]").Select(question => question.GetAttribute("data-type")));
        Assert.Equal(
            ["Zoom", "The coach calls you", "You call +1 646 555 0148"], form.QuerySelectorAll("[data-testid=booking-form] input[type=radio]").Select(choice => Words(choice.ParentElement)));
        Assert.NotNull(form.QuerySelector("[name=place1]"));
        Assert.Equal(["First sale", "Out of state", "Inherited"], form.QuerySelectorAll("input[type=checkbox]").Select(choice => choice.GetAttribute("value")));
    }

    [Fact]
    public async Task What_was_typed_is_booked_and_the_page_of_the_booking_says_so()
    {
        await using var app = new DashboardApp();
        using var luca = await app.ClientAsync("luca");
        using var form = await FormAsync(luca, Strategy);

        using var answer = await SubmitAsync(luca, form, Strategy, [.. Good, ("place1", "+44 20 7946 0958"), ("q1", "First sale"), ("q1", "Inherited"), ("guests", "one@a.example, two@b.example")]);

        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        using var page = await PageAsync(luca, answer.Headers.Location!.ToString());
        Assert.Equal("booked", page.QuerySelector("[data-testid=booking-page]")!.GetAttribute("data-status"));
        Assert.Contains("The coach calls you at +44 20 7946 0958", page.Body!.TextContent, StringComparison.Ordinal);
        var nonce = answer.Headers.Location!.ToString().Split('/')[^1];
        var invitee = app.Emulator.At((desk, _) => desk.World.Events.SelectMany(booked => booked.Invitees).Single(one => one.Tracking.Content == nonce));
        Assert.Equal(("luca@ferri.example", "Luca Ferri", "Europe/London"), (invitee.Email, invitee.Name, invitee.Zone));
        Assert.Contains(("Which of these apply?", "First sale\nInherited"), invitee.Answers);
    }

    [Fact]
    public async Task A_time_that_was_booked_is_offered_no_more()
    {
        await using var app = new DashboardApp();
        using var luca = await app.ClientAsync("luca");
        using var rita = await app.ClientAsync("rita");
        using var form = await PageAsync(luca, $"{Url}/form?slot={Nine}");
        using var booked = await SubmitAsync(luca, form, Url, [("email", "luca@ferri.example"), ("q0", "Hello"), ("location", "0")]);

        using var taken = await rita.GetAsync($"{Url}?slot={Nine}", Cancel);

        Assert.Equal(HttpStatusCode.SeeOther, booked.StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, taken.StatusCode);
    }

    [Fact]
    public async Task Of_two_who_want_the_same_time_one_books_it_and_the_other_is_offered_three_others_twenty_times_over()
    {
        await using var app = new DashboardApp();
        using var luca = await app.ClientAsync("luca");
        using var rita = await app.ClientAsync("rita");
        for (var round = 0; round < 20; round++)
        {
            using var times = await PageAsync(luca, $"{Url}/form");
            var address = times.QuerySelector("[data-testid=nearest-slot]")!.GetAttribute("href")!;
            using var lucas = await PageAsync(luca, address);
            using var ritas = await PageAsync(rita, address);

            var answers = await Task.WhenAll(
                Task.Run(() => SubmitAsync(luca, lucas, Url, [("email", "luca@ferri.example"), ("q0", "Hello"), ("location", "0")])),
                Task.Run(() => SubmitAsync(rita, ritas, Url, [("email", "rita@campos.example"), ("q0", "Hello"), ("location", "0")])));

            Assert.Equal([HttpStatusCode.SeeOther, HttpStatusCode.Conflict], answers.Select(answer => answer.StatusCode).Order());
            using var others = await answers.Single(answer => answer.StatusCode == HttpStatusCode.Conflict).DocumentAsync();
            Assert.Equal(3, others.QuerySelectorAll("[data-testid=nearest-slot]").Select(link => link.GetAttribute("href")).Where(other => other != address).Distinct().Count());
            var start = DateTimeOffset.Parse(address.Split("slot=")[1], null);
            Assert.Equal(1, app.Emulator.At((desk, _) => desk.World.Events.Count(booked => booked.Type.Id == Discovery && booked.Start == start)));

            // Slowly enough for what Calendly allows in a minute and in an hour.
            using var moved = await luca.PostAsJsonAsync("/test/clock", new { advance = "PT3M" }, Cancel);
            moved.EnsureSuccessStatusCode();
        }
    }

    [Fact]
    public async Task Sent_twice_it_is_booked_once()
    {
        await using var app = new DashboardApp();
        using var luca = await app.ClientAsync("luca");
        using var form = await FormAsync(luca, Strategy);
        (string, string)[] typed = [.. Good, ("place1", "+44 20 7946 0958")];

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => SubmitAsync(luca, form, Strategy, typed)));
        using var later = await SubmitAsync(luca, form, Strategy, typed);

        Assert.Equal(1, PostsTo(app, "/invitees"));
        Assert.Equal(HttpStatusCode.SeeOther, later.StatusCode);
        // Whoever came while it was on its way is told that it may be booked, and nothing else.
        Assert.All(answers, answer => Assert.True(answer.StatusCode is HttpStatusCode.SeeOther or HttpStatusCode.OK, $"{answer.StatusCode}"));
        Assert.Contains(answers, answer => answer.StatusCode == HttpStatusCode.SeeOther);
        foreach (var answer in answers)
        {
            answer.Dispose();
        }
    }

    [Theory]
    [InlineData("name", "", "Say who is coming.")]
    [InlineData("email", "", "Calendly sends the invitation to an email address.")]
    [InlineData("email", "luca at ferri", "That is not an email address.")]
    [InlineData("timezone", "Mars/Olympus", "That is not a time zone.")]
    [InlineData("location", "", "Choose where you meet.")]
    [InlineData("location", "7", "Choose where you meet.")]
    [InlineData("place1", "", "Your phone number is needed for this.")]
    [InlineData("q0", " ", "This one has to be answered.")]
    [InlineData("q1", "Nothing on offer", "Choose from the list.")]
    [InlineData("guests", "a@a.example b", "b is not an email address.")]
    [InlineData("guests", "1@a.example 2@a.example 3@a.example 4@a.example 5@a.example 6@a.example 7@a.example 8@a.example 9@a.example 10@a.example 11@a.example", "At most 10 guests.")]
    public async Task What_is_wrong_is_said_beside_its_field_and_nothing_is_sent(string field, string value, string words)
    {
        await using var app = new DashboardApp();
        using var luca = await app.ClientAsync("luca");
        using var form = await FormAsync(luca, Strategy);
        (string Name, string)[] typed = [.. Good, ("place1", "+44 20 7946 0958"), ("name", "Luca Ferri"), ("timezone", "Europe/London"), ("guests", "")];

        using var answer = await SubmitAsync(luca, form, Strategy, [.. typed.Where(each => each.Name != field), (field, value)]);
        using var page = await answer.DocumentAsync();

        Assert.Equal((HttpStatusCode.BadRequest, "VALIDATION_FAILED"), (answer.StatusCode, answer.ErrorCode()));
        Assert.StartsWith(words, Assert.Single(page.QuerySelectorAll("p.problem")).TextContent, StringComparison.Ordinal);
        Assert.Equal(0, PostsTo(app, "/invitees"));
        // What was typed is still there, and good enough once the one thing is put right.
        using var right = await PostAsync(luca, $"{Strategy}/form", false, Filled(page, typed));
        Assert.Equal(HttpStatusCode.SeeOther, right.StatusCode);
    }

    [Fact]
    public async Task A_time_that_is_taken_meanwhile_offers_the_nearest_and_is_not_sent()
    {
        await using var app = new DashboardApp();
        using var luca = await app.ClientAsync("luca");
        using var form = await PageAsync(luca, $"{Url}/form?slot={Nine}");
        app.Emulator.AddBusy("ana", DateTimeOffset.Parse(Nine, null), DateTimeOffset.Parse(Nine, null).AddMinutes(30));

        using var answer = await SubmitAsync(luca, form, Url, [("email", "luca@ferri.example"), ("q0", "Hello"), ("location", "0")]);
        using var page = await answer.DocumentAsync();

        Assert.Equal((HttpStatusCode.Conflict, "SLOT_TAKEN"), (answer.StatusCode, answer.ErrorCode()));
        Assert.Equal(0, PostsTo(app, "/invitees"));
        Assert.All(page.QuerySelectorAll("[data-testid=nearest-slot]"), link => Assert.Contains("/form?slot=", link.GetAttribute("href"), StringComparison.Ordinal));
        Assert.Equal(3, page.QuerySelectorAll("[data-testid=nearest-slot]").Length);
    }

    [Fact]
    public async Task With_calendly_down_by_the_time_it_is_sent_what_was_typed_stays()
    {
        await using var app = new DashboardApp();
        using var luca = await app.ClientAsync("luca");
        using var form = await PageAsync(luca, $"{Url}/form?slot={Nine}");
        app.Emulator.Faults.Add(new Fault("/", FaultKind.Status) { Status = 503, Times = 100 });
        app.Clock.Advance(TimeSpan.FromMinutes(20));

        using var answer = await SubmitAsync(luca, form, Url, [("email", "luca@ferri.example"), ("q0", "Hello"), ("location", "0")]);
        using var page = await answer.DocumentAsync();

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "CALENDLY_UNAVAILABLE"), (answer.StatusCode, answer.ErrorCode()));
        Assert.NotNull(page.QuerySelector("[data-testid=booking-problem]"));
        Assert.Equal("luca@ferri.example", page.QuerySelector("[name=email]")!.GetAttribute("value"));
        Assert.Equal("Hello", page.QuerySelector("[name=q0]")!.GetAttribute("value"));
        Assert.Equal(0, PostsTo(app, "/invitees"));
    }

    [Fact]
    public async Task An_answer_that_was_lost_is_looked_for_and_never_asked_for_twice()
    {
        await using var app = new DashboardApp();
        using var luca = await app.ClientAsync("luca");
        using var form = await PageAsync(luca, $"{Url}/form?slot={Nine}");
        app.Emulator.Faults.Add(new Fault("/invitees", FaultKind.Drop) { Method = "POST" });

        using var answer = await SubmitAsync(luca, form, Url, [("email", "luca@ferri.example"), ("q0", "Hello"), ("location", "0")]);

        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.Equal(1, PostsTo(app, "/invitees"));
    }

    [Fact]
    public async Task A_booking_that_cannot_be_found_is_neither_claimed_nor_sent_again()
    {
        await using var app = new DashboardApp();
        using var luca = await app.ClientAsync("luca");
        using var form = await PageAsync(luca, $"{Url}/form?slot={Nine}");
        app.Emulator.Faults.Add(new Fault("/invitees", FaultKind.DropBefore) { Method = "POST" });
        (string, string)[] typed = [("email", "luca@ferri.example"), ("q0", "Hello"), ("location", "0")];

        using var answer = await SubmitAsync(luca, form, Url, typed);
        using var again = await SubmitAsync(luca, form, Url, typed);

        foreach (var told in new[] { answer, again })
        {
            using var page = await told.DocumentAsync();
            Assert.Equal("Not confirmed yet", page.QuerySelector("h1")!.TextContent);
        }

        Assert.Equal(1, PostsTo(app, "/invitees"));
    }

    [Fact]
    public async Task Beyond_the_pace_of_our_own_form_calendlys_is_framed_instead()
    {
        await using var app = new DashboardApp();
        using var luca = await app.ClientAsync("luca");
        using var form = await PageAsync(luca, $"{Url}/form?slot={Nine}");
        var ana = await app.Services.GetRequiredService<People>().FindOrAddAsync("persona:ana", Cancel);
        var pace = app.Services.GetRequiredService<BookingPace>();
        for (var sent = 0; sent < BookingPace.MostAMinute; sent++)
        {
            Assert.True(await pace.TryCountAsync(ana, Cancel));
        }

        using var answer = await SubmitAsync(luca, form, Url, [("email", "luca@ferri.example"), ("q0", "Hello"), ("location", "0")]);
        using var page = await answer.DocumentAsync();

        Assert.Equal((HttpStatusCode.TooManyRequests, "RATE_LIMITED"), (answer.StatusCode, answer.ErrorCode()));
        Assert.Contains("Calendly takes no more bookings from our own form", page.QuerySelector("[data-testid=booking-notice]")!.TextContent, StringComparison.Ordinal);
        Assert.NotNull(page.QuerySelector("[data-testid=booking-widget]"));
        Assert.Equal(0, PostsTo(app, "/invitees"));
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True(await pace.TryCountAsync(ana, Cancel));
    }

    [Fact]
    public async Task The_pace_counts_hours_and_days_as_well_and_each_coach_alone()
    {
        await using var app = new DashboardApp();
        var people = app.Services.GetRequiredService<People>();
        var pace = app.Services.GetRequiredService<BookingPace>();
        var (ana, priya) = (await people.FindOrAddAsync("persona:ana", Cancel), await people.FindOrAddAsync("persona:priya", Cancel));
        async Task<int> SendAsync(int minutes)
        {
            var sent = 0;
            for (var minute = 0; minute < minutes; minute++)
            {
                while (await pace.TryCountAsync(ana, Cancel))
                {
                    sent++;
                }

                app.Clock.Advance(TimeSpan.FromMinutes(1));
            }

            return sent;
        }

        Assert.Equal(BookingPace.MostAnHour, await SendAsync(minutes: 10));
        Assert.True(await pace.TryCountAsync(priya, Cancel));
        app.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(BookingPace.MostADay - BookingPace.MostAnHour, await SendAsync(minutes: 10));
        app.Clock.Advance(TimeSpan.FromHours(2));
        Assert.False(await pace.TryCountAsync(ana, Cancel));
        app.Clock.Advance(TimeSpan.FromHours(23));
        Assert.True(await pace.TryCountAsync(ana, Cancel));
    }

    [Fact]
    public async Task What_calendly_refuses_is_said_beside_its_field()
    {
        await using var app = new DashboardApp();
        using var luca = await app.ClientAsync("luca");
        using var form = await PageAsync(luca, $"/book/ana-ruiz/{EmulatedIds.EventType("ana", "deep-dive")}/form?slot={await SoonestAsync(luca, "deep-dive")}");

        // A number for us; not one for Calendly.
        using var answer = await SubmitAsync(
            luca, form, $"/book/ana-ruiz/{EmulatedIds.EventType("ana", "deep-dive")}", [("email", "luca@ferri.example"), ("q0", "Hello"), ("q1", "0 (0000000000) 0000000000-00"), ("location", "0")]);
        using var page = await answer.DocumentAsync();

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("Calendly says: must be a phone number", page.QuerySelector("#booking-q1-problem")!.TextContent);
        Assert.Equal("Hello", page.QuerySelector("#booking-q0")!.TextContent.Trim());
    }

    [Fact]
    public async Task Without_a_time_the_form_offers_the_soonest()
    {
        await using var app = new DashboardApp();
        using var luca = await app.ClientAsync("luca");

        using var page = await PageAsync(luca, $"{Url}/form");

        var starts = page.QuerySelectorAll("[data-testid=nearest-slot]");
        Assert.Equal(12, starts.Length);
        Assert.Contains("/form?slot=2026-03-0", starts[0].GetAttribute("href"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_is_no_form_is_refused()
    {
        await using var app = new DashboardApp();
        using var luca = await app.ClientAsync("luca");

        foreach (var path in new[] { $"{Url}/form", $"{Url}/check" })
        {
            using var answer = await DashboardApp.PostJsonAsync(luca, path, JsonSerializer.Serialize(new { slot = Nine }));
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        }
    }

    private static async Task<AngleSharp.Html.Dom.IHtmlDocument> FormAsync(HttpClient client, string url)
    {
        using var times = await PageAsync(client, $"{url}/form");
        return await PageAsync(client, times.QuerySelector("[data-testid=nearest-slot]")!.GetAttribute("href")!);
    }

    private static Task<HttpResponseMessage> SubmitAsync(HttpClient client, AngleSharp.Dom.IParentNode form, string url, (string Name, string Value)[] typed) =>
        PostAsync(client, $"{url}/form", false, Filled(form, typed));
}
