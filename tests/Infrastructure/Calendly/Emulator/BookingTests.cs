using System.Text.Json;
using System.Text.Json.Nodes;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using static CalendlySlices.Tests.Infrastructure.Calendly.Emulator.EmulatorFixture;

namespace CalendlySlices.Tests.Infrastructure.Calendly.Emulator;

/// <summary>Booking by a program. Ana's discovery call can be had on Tuesday 3 March at 16:00 UTC, and at 20:30.</summary>
public sealed class BookingTests
{
    private const string Four = "2026-03-03T16:00:00Z";

    private readonly EmulatorFixture _world = new();

    [Fact]
    public async Task A_booking_is_an_invitee_an_event_and_a_time_that_is_gone()
    {
        _world.Clock.Advance(TimeSpan.FromMinutes(5));
        var answer = await Book("discovery-call", Four, """
            {"tracking": {"utm_campaign": null, "utm_source": "dashboard", "utm_medium": null, "utm_content": "attempt-7", "utm_term": null, "salesforce_uuid": null},
             "event_guests": ["partner@realty.example"]}
            """);

        Assert.Equal(201, answer.Status);
        var invitee = Json(answer).GetProperty("resource");
        Assert.Equal(
            ["uri", "email", "first_name", "last_name", "name", "status", "questions_and_answers", "timezone", "event", "created_at", "updated_at", "tracking",
             "text_reminder_number", "rescheduled", "old_invitee", "new_invitee", "cancel_url", "reschedule_url", "routing_form_submission", "payment", "no_show",
             "reconfirmation", "scheduling_method", "invitee_scheduled_by"],
            invitee.EnumerateObject().Select(field => field.Name));
        Assert.Equal(("Luca Bianchi", "luca@realty.example", "active", "api", "Europe/London"), (
            Field(invitee, "name"), Field(invitee, "email"), Field(invitee, "status"), Field(invitee, "scheduling_method"), Field(invitee, "timezone")));
        Assert.Equal("""[{"question":"What brings you here?","answer":"A flat","position":0}]""", invitee.GetProperty("questions_and_answers").GetRawText());
        Assert.Equal(
            """{"utm_campaign":null,"utm_source":"dashboard","utm_medium":null,"utm_content":"attempt-7","utm_term":null,"salesforce_uuid":null}""",
            invitee.GetProperty("tracking").GetRawText());
        Assert.Equal("2026-03-02T15:05:00.000000Z", Field(invitee, "created_at"));
        Assert.Equal(invitee.GetRawText(), Json(await _world.Get(Field(invitee, "uri"))).GetProperty("resource").GetRawText());

        var session = Json(await _world.Get(Field(invitee, "event"))).GetProperty("resource");
        Assert.Equal(("Discovery call", "active", "2026-03-03T16:00:00.000000Z", "2026-03-03T16:30:00.000000Z"), (
            Field(session, "name"), Field(session, "status"), Field(session, "start_time"), Field(session, "end_time")));
        Assert.Equal("""{"total":1,"active":1,"limit":1}""", session.GetProperty("invitees_counter").GetRawText());
        Assert.Equal("partner@realty.example", session.GetProperty("event_guests")[0].GetProperty("email").GetString());
        Assert.Equal("zoom", session.GetProperty("location").GetProperty("type").GetString());
        Assert.StartsWith("https://calendly.com/events/", session.GetProperty("location").GetProperty("join_url").GetString(), StringComparison.Ordinal);

        Assert.Equal([Field(invitee, "event")], Rows(await _world.Get(Sessions("&invitee_email=LUCA@realty.example"))).Select(row => Field(row, "uri")));
        Assert.DoesNotContain(Four, await Open("discovery-call"));
        Assert.DoesNotContain(Four, await Open("deep-dive"));
        Assert.Contains(
            (Four, Field(invitee, "event")),
            Rows(await _world.Get($"/user_busy_times?user={Uri.EscapeDataString(AnaUser)}&start_time=2026-03-03T00:00:00Z&end_time=2026-03-04T00:00:00Z"))
                .Where(row => Field(row, "type") == "calendly")
                .Select(row => (Field(row, "start_time"), Field(row.GetProperty("event"), "uri"))));
    }

    [Fact]
    public async Task The_list_stays_in_order_and_a_reset_forgets_the_booking()
    {
        await Book("discovery-call", Four);
        var starts = Rows(await _world.Get(Sessions("&sort=start_time:asc&count=100"))).Select(row => Field(row, "start_time")).ToList();
        Assert.Equal(42, starts.Count);
        Assert.Equal(starts.Order(StringComparer.Ordinal), starts);

        _world.Emulator.Reset();

        var token = _world.Emulator.Grant("ana").AccessToken.Reveal();
        Assert.Equal(41, Rows(await _world.Get(Sessions("&count=100"), token)).Count);
    }

    [Fact]
    public async Task The_same_time_is_booked_once()
    {
        var first = await Book("discovery-call", Four);
        var second = await Book("discovery-call", Four);
        Assert.Equal((201, 400), (first.Status, second.Status));
        Assert.Equal(("start_time", "is not available"), (Parameter(second), Problem(second)));
        await _world.Send("POST", $"{new Uri(Field(Json(first).GetProperty("resource"), "event")).AbsolutePath}/cancellation", null);
        Assert.Equal(201, (await Book("discovery-call", Four)).Status);
    }

    [Fact]
    public async Task Of_many_who_want_one_time_one_gets_it()
    {
        _world.Emulator.Options.BookingsPerMinute = 100;
        var token = _world.AnaToken;
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => Book("discovery-call", Four, token: token))));
        Assert.Single(answers, answer => answer.Status == 201);
        Assert.Equal(19, answers.Count(answer => answer.Status == 400));
    }

    [Theory]
    [InlineData("""{"event_type": null}""", "event_type", "is required")]
    [InlineData("""{"event_type": "discovery-call"}""", "event_type", "must be a URI like https://api.calendly.com/event_types/<id>")]
    [InlineData("""{"start_time": null}""", "start_time", "is required")]
    [InlineData("""{"start_time": "2026-03-03T16:00:00+01:00"}""", "start_time", "must be a date and time in UTC, for example 2026-03-02T15:00:00Z")]
    [InlineData("""{"start_time": "2026-03-02T14:30:00Z"}""", "start_time", "must be in the future")]
    [InlineData("""{"start_time": "2026-03-03T15:00:00Z"}""", "start_time", "is not available")]
    [InlineData("""{"start_time": "2026-03-03T16:05:00Z"}""", "start_time", "is not available")]
    [InlineData("""{"start_time": "2026-03-07T16:00:00Z"}""", "start_time", "is not available")]
    [InlineData("""{"invitee": null}""", "invitee", "is required")]
    [InlineData("""{"invitee": "Luca"}""", "invitee", "must be an object")]
    [InlineData("""{"invitee": {"email": "l@r.example", "timezone": "UTC"}}""", "invitee.name", "is required")]
    [InlineData("""{"invitee": {"name": " ", "email": "l@r.example", "timezone": "UTC"}}""", "invitee.name", "can't be blank")]
    [InlineData("""{"invitee": {"name": "Luca", "timezone": "UTC"}}""", "invitee.email", "is required")]
    [InlineData("""{"invitee": {"name": "Luca", "email": "Luca <l@r.example>", "timezone": "UTC"}}""", "invitee.email", "must be an e-mail address")]
    [InlineData("""{"invitee": {"name": "Luca", "email": "luca@localhost", "timezone": "UTC"}}""", "invitee.email", "must be an e-mail address")]
    [InlineData("""{"invitee": {"name": "Luca", "email": "l@r.example"}}""", "invitee.timezone", "is required")]
    [InlineData("""{"invitee": {"name": "Luca", "email": "l@r.example", "timezone": "London"}}""", "invitee.timezone", "must be an IANA time zone")]
    [InlineData("""{"invitee": {"name": "Luca", "email": "l@r.example", "timezone": "UTC", "text_reminder_number": "0171"}}""", "invitee.text_reminder_number", "must be a number like +12025550123")]
    [InlineData("""{"questions_and_answers": null}""", "questions_and_answers", "has no answer to a required question: What brings you here?")]
    [InlineData("""{"questions_and_answers": {}}""", "questions_and_answers", "must be a list")]
    [InlineData("""{"questions_and_answers": [{"answer": "x"}]}""", "questions_and_answers[0].question", "is missing")]
    [InlineData("""{"questions_and_answers": [{"question": "what brings you here?", "answer": "x"}]}""", "questions_and_answers[0].question", "is not a question of this event type")]
    [InlineData("""{"questions_and_answers": [{"question": "What brings you here?", "answer": ""}]}""", "questions_and_answers[0].answer", "can't be blank")]
    [InlineData("""{"questions_and_answers": [{"question": "What brings you here?", "answer": "a\nb"}]}""", "questions_and_answers[0].answer", "must be one line")]
    [InlineData("""{"questions_and_answers": [{"question": "What brings you here?", "answer": "a", "position": 1}]}""", "questions_and_answers[0].position", "is not the position of the question")]
    [InlineData("""{"questions_and_answers": [{"question": "What brings you here?", "answer": "a"}, {"question": "What brings you here?", "answer": "b"}]}""", "questions_and_answers[1].question", "is answered twice")]
    [InlineData("""{"tracking": {"utm_campaign": null, "utm_source": null, "utm_medium": null, "utm_content": "x", "utm_term": null}}""", "tracking.salesforce_uuid", "is missing")]
    [InlineData("""{"tracking": {"utm_campaign": 7, "utm_source": null, "utm_medium": null, "utm_content": "x", "utm_term": null, "salesforce_uuid": null}}""", "tracking.utm_campaign", "must be a text")]
    [InlineData("""{"event_guests": ["a@b.example", "nobody"]}""", "event_guests[1]", "must be an e-mail address")]
    [InlineData("""{"event_guests": ["a@b.ex","b@b.ex","c@b.ex","d@b.ex","e@b.ex","f@b.ex","g@b.ex","h@b.ex","i@b.ex","j@b.ex","k@b.ex"]}""", "event_guests", "must be at most 10")]
    [InlineData("""{"location": null}""", "location", "is required")]
    [InlineData("""{"location": {"location": "Zoom"}}""", "location.kind", "is required")]
    [InlineData("""{"location": {"kind": "physical", "location": "Home"}}""", "location.kind", "must be one of: google_conference, zoom_conference")]
    public async Task What_is_wrong_is_named_and_nothing_is_booked(string change, string parameter, string message)
    {
        var answer = await Book("discovery-call", Four, change);
        Assert.Equal((400, parameter, message), (answer.Status, Parameter(answer), Problem(answer)));
        Assert.Equal(41, Rows(await _world.Get(Sessions("&count=100"))).Count);
    }

    [Fact]
    public async Task Everything_that_is_wrong_is_named_at_once()
    {
        var answer = await _world.Send("POST", "/invitees", """{"invitee": {"name": "Luca"}, "event_guests": ["x"]}""");
        Assert.Equal(
            ["event_type", "start_time", "invitee.email", "invitee.timezone", "event_guests[0]"],
            Json(answer).GetProperty("details").EnumerateArray().Select(detail => Field(detail, "parameter")));
    }

    [Theory]
    [InlineData("listing-strategy", "2026-03-04T14:00:00Z", """{"kind": "outbound_call"}""", "location.location", null)]
    [InlineData("listing-strategy", "2026-03-04T14:00:00Z", """{"kind": "outbound_call", "location": "+44 20 7946 0018"}""", null, """{"type":"outbound_call","location":"+44 20 7946 0018"}""")]
    [InlineData("listing-strategy", "2026-03-04T14:00:00Z", """{"kind": "inbound_call"}""", null, """{"type":"inbound_call","location":"+1 646 555 0148","additional_info":"Press 2 for coaching."}""")]
    [InlineData("private-visit", "2026-03-07T01:00:00Z", """{"kind": "physical", "location": "At my house"}""", "location.location", null)]
    [InlineData("private-visit", "2026-03-07T01:00:00Z", """{"kind": "physical", "location": "214 Harbor Street, Floor 3, New York"}""", null, """{"type":"physical","location":"214 Harbor Street, Floor 3, New York","additional_info":"Ring the second bell."}""")]
    [InlineData("private-visit", "2026-03-07T01:00:00Z", """{"kind": "ask_invitee", "location": "The pier"}""", null, """{"type":"ask_invitee","location":"The pier"}""")]
    [InlineData("private-visit", "2026-03-07T01:00:00Z", """{"kind": "custom", "location": "We will agree by message"}""", null, """{"type":"custom","location":"We will agree by message"}""")]
    [InlineData("deep-dive", "2026-03-10T13:00:00Z", """{"kind": "microsoft_teams_conference"}""", null, null)]
    public async Task A_location_is_one_of_those_on_offer_and_says_where_if_it_has_to(string slug, string start, string location, string? parameter, string? booked)
    {
        var answer = await Book(slug, start, $$"""{"location": {{location}}}""");
        if (parameter is not null)
        {
            Assert.Equal((400, parameter), (answer.Status, Parameter(answer)));
            return;
        }

        Assert.Equal(201, answer.Status);
        var place = Json(await _world.Get(Field(Json(answer).GetProperty("resource"), "event"))).GetProperty("resource").GetProperty("location");
        Assert.Equal(booked ?? "microsoft_teams_conference", booked is null ? Field(place, "type") : place.GetRawText());
    }

    [Theory]
    [InlineData("Which of these apply?", "First sale\nInherited", 201)]
    [InlineData("Which of these apply?", "Second sale", 400)]
    [InlineData("Is there a step at the door?", "Maybe", 400)]
    [InlineData("Phone, in case the line drops", "call me", 400)]
    [InlineData("Phone, in case the line drops", "+44 20 7946 0018", 201)]
    public async Task An_answer_is_of_the_kind_that_the_question_asks_for(string question, string answer, int status)
    {
        var (slug, start) = question.StartsWith("Which", StringComparison.Ordinal) ? ("listing-strategy", "2026-03-04T14:00:00Z")
            : question.StartsWith("Is", StringComparison.Ordinal) ? ("private-visit", "2026-03-07T01:00:00Z") : ("deep-dive", "2026-03-10T13:00:00Z");
        var answers = new JsonArray();
        if (slug != "private-visit")
        {
            answers.Add(new JsonObject { ["question"] = "What would make this hour worth it?", ["answer"] = "Two lines\nof text" });
        }

        answers.Add(new JsonObject { ["question"] = question, ["answer"] = answer });
        Assert.Equal(status, (await Book(slug, start, new JsonObject { ["questions_and_answers"] = answers }.ToJsonString())).Status);
    }

    [Fact]
    public async Task A_group_is_joined_until_it_is_full()
    {
        // The workshop at 19:00 today has four seats left.
        _world.Emulator.Options.BookingsPerMinute = 100;
        const string workshop = "2026-03-02T19:00:00Z";
        var session = EmulatedIds.Session("ana", "group");
        for (var left = 4; left > 0; left--)
        {
            Assert.Equal(left, await Seats(workshop));
            var booked = await Book("open-house-workshop", workshop, $$$"""{"invitee": {"name": "Guest {{{left}}}", "email": "guest{{{left}}}@realty.example", "timezone": "UTC"}}""");
            Assert.Equal((201, $"https://api.calendly.com/scheduled_events/{session}"), (booked.Status, Field(Json(booked).GetProperty("resource"), "event")));
        }

        Assert.Null(await Seats(workshop));
        Assert.Equal("is not available", Problem(await Book("open-house-workshop", workshop)));
        Assert.Equal("""{"total":12,"active":12,"limit":12}""", Json(await _world.Get($"/scheduled_events/{session}")).GetProperty("resource").GetProperty("invitees_counter").GetRawText());
        Assert.Equal(12, Rows(await _world.Get($"/scheduled_events/{session}/invitees")).Count);
    }

    [Fact]
    public async Task A_round_robin_takes_no_location_and_its_first_free_host()
    {
        var priya = _world.Emulator.Grant("priya").AccessToken.Reveal();
        // That is night in Kolkata, afternoon in London and before work in Los Angeles.
        const string start = "2026-03-03T16:15:00Z";
        var refused = await Book("first-hello", start, """{"location": {"kind": "zoom_conference"}}""", "priya", priya);
        var booked = await Book("first-hello", start, """{"location": null}""", "priya", priya);
        Assert.Equal(("location", "must be left out for this event type"), (Parameter(refused), Problem(refused)));
        var session = Json(await _world.Get(Field(Json(booked).GetProperty("resource"), "event"), priya)).GetProperty("resource");
        Assert.Equal("Tom Wells", Field(Assert.Single(session.GetProperty("event_memberships").EnumerateArray()), "user_name"));
    }

    [Theory]
    [InlineData("winter-reset", "ana", 400)]
    [InlineData("postcard-review", "ana", 404)]
    [InlineData("nothing-of-the-kind", "ana", 404)]
    [InlineData("portfolio-review", "mei", 403)]
    [InlineData("tea", "ana-home", 403)]
    public async Task Only_what_is_there_and_open_and_ones_own_is_booked(string slug, string owner, int status) =>
        Assert.Equal(status, (await Book(slug, Four, """{"questions_and_answers": null}""", owner)).Status);

    [Fact]
    public async Task It_needs_the_right_to_write_and_a_body_that_is_json()
    {
        var reads = await Book("discovery-call", Four, token: _world.Emulator.Grant("ana", ["scheduled_events:read"]).AccessToken.Reveal());
        Assert.Equal((403, "scheduled_events:write"), (reads.Status, Json(reads).GetProperty("required_scopes")[0].GetString()));
        Assert.Equal((400, "body"), ((await _world.Send("POST", "/invitees", "[]")).Status, Parameter(await _world.Send("POST", "/invitees", null))));
    }

    [Fact]
    public async Task Ten_a_minute_fifty_an_hour_and_a_hundred_a_day_are_taken()
    {
        async Task<(int Status, string? Limit, string? Remaining, string? Reset)> Try()
        {
            var answer = await _world.Send("POST", "/invitees", "{}");
            return (answer.Status, answer.Header("X-RateLimit-Limit"), answer.Header("X-RateLimit-Remaining"), answer.Header("X-RateLimit-Reset"));
        }

        async Task TenAsync()
        {
            for (var call = 0; call < 10; call++)
            {
                Assert.Equal(400, (await Try()).Status);
            }
        }

        Assert.Equal((400, "10", "9", "60"), await Try());
        for (var call = 1; call < 10; call++)
        {
            await Try();
        }

        Assert.Equal((429, "10", "0", "60"), await Try());
        Assert.Equal("500", (await _world.Get("/users/me")).Header("X-RateLimit-Limit"));
        for (var minute = 1; minute < 5; minute++)
        {
            _world.Clock.Advance(TimeSpan.FromMinutes(1));
            await TenAsync();
        }

        _world.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal((429, "50", "0", "3300"), await Try());
        _world.Clock.Advance(TimeSpan.FromMinutes(55));
        for (var minute = 0; minute < 5; minute++)
        {
            await TenAsync();
            _world.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal((429, "100", "0", "82500"), await Try());
    }

    [Fact]
    public async Task A_booking_that_was_answered_by_a_lost_connection_is_found_by_its_address()
    {
        _world.Emulator.Faults.Add(new Fault("/invitees", FaultKind.Drop));
        await Assert.ThrowsAsync<HttpRequestException>(() => Book("discovery-call", Four));
        Assert.Single(Rows(await _world.Get(Sessions("&invitee_email=luca@realty.example&min_start_time=2026-03-03T16:00:00Z&max_start_time=2026-03-03T16:00:00Z"))));
    }

    private static string Field(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private async Task<List<string>> Open(string slug) =>
        [.. Rows(await _world.Get($"/event_type_available_times?event_type={TypeUri(slug)}&start_time=2026-03-03T00:00:00Z&end_time=2026-03-04T00:00:00Z")).Select(row => Field(row, "start_time"))];

    private async Task<int?> Seats(string start) =>
        Rows(await _world.Get($"/event_type_available_times?event_type={TypeUri("open-house-workshop")}&start_time=2026-03-02T15:01:00Z&end_time=2026-03-03T00:00:00Z"))
            .Where(row => Field(row, "start_time") == start).Select(row => (int?)row.GetProperty("invitees_remaining").GetInt32()).FirstOrDefault();

    private static string TypeUri(string slug) => Uri.EscapeDataString($"https://api.calendly.com/event_types/{EmulatedIds.EventType("ana", slug)}");

    /// <param name="change">Fields that take the place of what a good request for this type has; null leaves one out.</param>
    private Task<EmulatorAnswer> Book(string slug, string start, string change = "{}", string owner = "ana", string? token = null)
    {
        var body = new JsonObject
        {
            ["event_type"] = $"https://api.calendly.com/event_types/{EmulatedIds.EventType(owner, slug)}",
            ["start_time"] = start,
            ["invitee"] = new JsonObject { ["name"] = "Luca Bianchi", ["email"] = "luca@realty.example", ["timezone"] = "Europe/London" },
            ["location"] = new JsonObject { ["kind"] = "zoom_conference" },
            ["questions_and_answers"] = slug switch
            {
                "discovery-call" => new JsonArray(new JsonObject { ["question"] = "What brings you here?", ["answer"] = "A flat", ["position"] = 0 }),
                "listing-strategy" or "deep-dive" => new JsonArray(new JsonObject { ["question"] = "What would make this hour worth it?", ["answer"] = "A price" }),
                "private-visit" => new JsonArray(new JsonObject { ["question"] = "Is there a step at the door?", ["answer"] = "No" }),
                _ => null,
            },
        };
        if (slug == "deep-dive")
        {
            body["location"] = new JsonObject { ["kind"] = "webex_conference" };
        }
        else if (slug == "private-visit")
        {
            body["location"] = new JsonObject { ["kind"] = "ask_invitee", ["location"] = "The pier" };
        }

        foreach (var (name, value) in JsonNode.Parse(change)!.AsObject())
        {
            body[name] = value?.DeepClone();
        }

        return _world.Send("POST", "/invitees", body.ToJsonString(), token);
    }
}
