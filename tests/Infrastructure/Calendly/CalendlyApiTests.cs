using System.Net;
using System.Text.Json.Nodes;
using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Tests.Support;

namespace CalendlySlices.Tests.Infrastructure.Calendly;

public sealed class CalendlyApiTests : IDisposable
{
    private const string Event = "/scheduled_events/" + CalendlySamples.EventId;

    private readonly CalendlyClientRig _rig = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task Every_operation_asks_what_calendly_documents_with_the_owners_token()
    {
        _rig.Wire
            .On("GET /users/me", Answers.Json(CalendlySamples.Resource(CalendlySamples.User())))
            .On("GET /users/USR1", Answers.Json(CalendlySamples.Resource(CalendlySamples.User())))
            .On("GET /event_types", Answers.Json(CalendlySamples.Page(CalendlySamples.EventType())))
            .On("GET /scheduled_events", Answers.Json(CalendlySamples.Page(CalendlySamples.ScheduledEvent())))
            .On("GET " + Event, Answers.Json(CalendlySamples.Resource(CalendlySamples.ScheduledEvent())))
            .On("GET " + Event + "/invitees", Answers.Json(CalendlySamples.Page(CalendlySamples.Invitee())))
            .On("POST " + Event + "/cancellation", Answers.Json(CalendlySamples.Resource(CalendlySamples.Cancellation()), HttpStatusCode.Created));
        var noon = new DateTimeOffset(2027, 1, 12, 13, 0, 0, TimeSpan.FromHours(1));

        Value(await _rig.Api.GetCurrentUserAsync(Token));
        Value(await _rig.Api.GetUserAsync("USR1", Token));
        Value(await _rig.Api.ListEventTypesAsync(new EventTypesQuery(CalendlySamples.UserUri, Active: true), Token));
        Value(await _rig.Api.ListScheduledEventsAsync(
            new ScheduledEventsQuery(CalendlySamples.UserUri, "active", noon, noon.AddDays(1), Ascending: false, 50, "tok&en", "a+b@x.example"), Token));
        Value(await _rig.Api.GetScheduledEventAsync(CalendlySamples.EventId, Token));
        Value(await _rig.Api.ListInviteesAsync(CalendlySamples.EventId, new InviteesQuery("active", PageToken: "next"), Token));
        Value(await _rig.Api.CancelEventAsync(CalendlySamples.EventId, "Storm “warning”", Token));

        const string user = "user=https%3A%2F%2Fapi.calendly.com%2Fusers%2FUSRK4T7WQ2M9XB6L";
        Assert.Equal(
            [
                "/users/me",
                "/users/USR1",
                $"/event_types?{user}&active=true&sort=name%3Aasc&count=100",
                $"/scheduled_events?{user}&invitee_email=a%2Bb@x.example&status=active&min_start_time=2027-01-12T12%3A00%3A00.000000Z"
                    + "&max_start_time=2027-01-13T12%3A00%3A00.000000Z&sort=start_time%3Adesc&count=50&page_token=tok%26en",
                Event,
                Event + "/invitees?status=active&count=100&page_token=next",
                Event + "/cancellation",
            ],
            _rig.Wire.Sent.Select(sent => sent.Address.PathAndQuery));
        Assert.All(_rig.Wire.Sent, sent => Assert.Equal("Bearer token-marker-1", sent.Authorization));
        Assert.All(_rig.Tokens.AskedFor, owner => Assert.Equal(CalendlyClientRig.User, owner));
        Assert.Equal("Storm “warning”", JsonNode.Parse(_rig.Wire.Sent[^1].Body)!["reason"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_base_address_with_a_path_keeps_it()
    {
        using var rig = new CalendlyClientRig("http://localhost:5080/mock/calendly");
        rig.Wire.On("GET /mock/calendly/users/me", Answers.Json(CalendlySamples.Resource(CalendlySamples.User())));

        Value(await rig.Api.GetCurrentUserAsync(Token));

        Assert.Equal("http://localhost:5080/mock/calendly/users/me", rig.Wire.Sent.Single().Address.AbsoluteUri);
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("a?b")]
    [InlineData("a%2Fb")]
    [InlineData("https://api.calendly.com/scheduled_events/a")]
    public async Task What_cannot_be_an_id_is_not_found_and_never_sent(string id)
    {
        Assert.Equal(FailureCode.NotFound, Failed(await _rig.Api.GetScheduledEventAsync(id, Token)).Code);
        Assert.Equal(FailureCode.NotFound, Failed(await _rig.Api.CancelEventAsync(id, null, Token)).Code);
        Assert.Empty(_rig.Wire.Sent);
    }

    [Fact]
    public async Task Everything_that_is_documented_of_an_event_is_read()
    {
        var sample = CalendlySamples.ScheduledEvent();
        sample["status"] = "canceled";
        sample["cancellation"] = CalendlySamples.Cancellation();

        var read = Value(await EventAsync(sample));

        Assert.Equal(
            ("Site survey call", true, CalendlySamples.EventId, new DateTimeOffset(2026, 11, 20, 10, 15, 0, TimeSpan.Zero).AddTicks(1234560)),
            (read.Name, read.IsCanceled, read.Id, read.CreatedAt));
        Assert.Equal(("zoom", "pushed", "https://tidewater.zoom.example/j/81234567890"), (read.Location!.Type, read.Location.Status, read.Location.JoinUrl));
        Assert.Equal("tide42", read.Location.Data!.Value.GetProperty("password").GetString());
        Assert.Equal(new InviteesCounter(1, 1, 1), read.InviteesCounter);
        Assert.Equal("dana@tidewater.example", read.EventMemberships.Single().UserEmail);
        Assert.Equal("guest@granito.example", read.EventGuests.Single().Email);
        Assert.Equal(new CalendarEvent("google", "k3v9example"), read.CalendarEvent);
        Assert.Equal("Storm warning", read.Cancellation!.Reason);
    }

    [Fact]
    public async Task Words_and_fields_unknown_today_are_no_reason_to_fail()
    {
        var sample = CalendlySamples.ScheduledEvent();
        sample["status"] = "postponed";
        sample["location"] = new JsonObject { ["type"] = "hologram", ["beam"] = 3, ["location"] = "Deck 4" };
        sample["mood"] = new JsonArray(1, 2);

        var read = Value(await EventAsync(sample));

        Assert.Equal(("postponed", "hologram", "Deck 4"), (read.Status, read.Location!.Type, read.Location.Location));
    }

    [Theory]
    [InlineData("name")]
    [InlineData("location")]
    [InlineData("calendar_event")]
    [InlineData("meeting_notes_plain")]
    public async Task A_field_that_may_be_null_may_also_be_missing(string field)
    {
        var asNull = CalendlySamples.ScheduledEvent();
        asNull[field] = null;
        var missing = CalendlySamples.ScheduledEvent();
        missing.Remove(field);

        Assert.Equal(Value(await EventAsync(asNull)).Id, Value(await EventAsync(missing)).Id);
    }

    public static TheoryData<string, string> RequiredFields()
    {
        var fields = new TheoryData<string, string>();
        Add("event", "uri", "status", "start_time", "end_time", "event_type", "invitees_counter", "created_at", "updated_at", "event_memberships", "event_guests");
        Add("event", "invitees_counter.total", "invitees_counter.active", "invitees_counter.limit", "location.type", "event_memberships[0].user", "event_guests[0].email");
        Add("invitee", "uri", "email", "name", "status", "questions_and_answers", "event", "created_at", "updated_at", "tracking", "rescheduled", "cancel_url", "reschedule_url");
        Add("invitee", "questions_and_answers[0].question", "questions_and_answers[0].answer");
        Add("event type", "uri", "active", "scheduling_url", "duration", "kind", "type", "color", "created_at", "updated_at", "is_paid", "secret", "booking_method");
        Add("event type", "custom_questions", "admin_managed", "position", "locale", "custom_questions[0].name", "custom_questions[0].type", "locations[0].kind");
        Add("user", "uri", "name", "slug", "email", "scheduling_url", "timezone", "created_at", "updated_at", "current_organization");
        Add("cancellation", "canceled_by", "canceler_type");
        return fields;

        void Add(string model, params string[] names) => Array.ForEach(names, name => fields.Add(model, name));
    }

    [Theory]
    [MemberData(nameof(RequiredFields))]
    public async Task A_required_field_that_is_missing_or_null_is_a_bad_answer(string model, string field)
    {
        Assert.Null(await FailureAsync(model, _ => { }));
        Assert.Equal(FailureCode.CalendlyBadResponse, await FailureAsync(model, sample => Spoil(sample, field, (parent, name) => parent.Remove(name))));
        Assert.Equal(FailureCode.CalendlyBadResponse, await FailureAsync(model, sample => Spoil(sample, field, (parent, name) => parent[name] = null)));
    }

    [Theory]
    [InlineData("event", "event_memberships")]
    [InlineData("event", "event_guests")]
    [InlineData("invitee", "questions_and_answers")]
    [InlineData("event type", "custom_questions")]
    [InlineData("event type", "locations")]
    public async Task A_list_that_holds_null_is_a_bad_answer(string model, string field) =>
        Assert.Equal(FailureCode.CalendlyBadResponse, await FailureAsync(model, sample => sample[field]!.AsArray().Add(null)));

    [Theory]
    [InlineData("""{"resource": null}""")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("42")]
    [InlineData("")]
    public async Task An_answer_of_the_wrong_shape_is_a_bad_answer(string json)
    {
        _rig.Wire.On("GET /users/me", Answers.Json(json)).On("GET /event_types", Answers.Json(json));

        Assert.Equal(FailureCode.CalendlyBadResponse, Failed(await _rig.Api.GetCurrentUserAsync(Token)).Code);
        Assert.Equal(FailureCode.CalendlyBadResponse, Failed(await _rig.Api.ListEventTypesAsync(new EventTypesQuery("u"), Token)).Code);
    }

    [Fact]
    public async Task One_broken_item_does_not_hide_the_others()
    {
        var broken = CalendlySamples.ScheduledEvent();
        broken.Remove("start_time");
        _rig.Wire.On("GET /scheduled_events", Answers.Json(CalendlySamples.Page(CalendlySamples.ScheduledEvent(), broken, null, CalendlySamples.ScheduledEvent())));

        var page = Value(await _rig.Api.ListScheduledEventsAsync(new ScheduledEventsQuery("u"), Token));

        Assert.Equal((2, 2, "next"), (page.Collection.Count, page.Skipped, page.Pagination.NextPageToken));
    }

    [Fact]
    public async Task A_list_of_nothing_but_broken_items_is_a_bad_answer_and_an_empty_one_is_not()
    {
        _rig.Wire.On("GET /scheduled_events", Answers.Json(CalendlySamples.Page(new JsonObject(), null)), Answers.Json(CalendlySamples.Page()));

        Assert.Equal(FailureCode.CalendlyBadResponse, Failed(await _rig.Api.ListScheduledEventsAsync(new ScheduledEventsQuery("u"), Token)).Code);
        Assert.Empty(Value(await _rig.Api.ListScheduledEventsAsync(new ScheduledEventsQuery("u"), Token)).Collection);
    }

    [Theory]
    [InlineData("12.5")]
    [InlineData("\"12.5\"")]
    public async Task A_payments_amount_may_be_a_number_or_a_string(string amount)
    {
        var sample = CalendlySamples.Invitee();
        sample["payment"]!["amount"] = JsonNode.Parse(amount);
        _rig.Wire.On("GET " + Event + "/invitees", Answers.Json(CalendlySamples.Page(sample)));

        var page = Value(await _rig.Api.ListInviteesAsync(CalendlySamples.EventId, new InviteesQuery(), Token));

        Assert.Equal(12.5m, page.Collection.Single().Payment!.Amount);
    }

    [Theory]
    [InlineData("You are not allowed to cancel this event", nameof(FailureCode.CancelNotAllowed))]
    [InlineData("Event in the past", nameof(FailureCode.EventInPast))]
    [InlineData("Event is already canceled", nameof(FailureCode.EventAlreadyCanceled))]
    [InlineData("You are not allowed to view this event", nameof(FailureCode.NotFound))]
    [InlineData("This user is not in your organization", nameof(FailureCode.CalendlyForbidden))]
    public async Task A_403_is_told_apart_by_its_message(string message, string code)
    {
        var error = new JsonObject { ["title"] = "Internal Server Error", ["message"] = message };
        _rig.Wire.On("POST " + Event + "/cancellation", Answers.Json(error.ToJsonString(), HttpStatusCode.Forbidden));

        var failure = Failed(await _rig.Api.CancelEventAsync(CalendlySamples.EventId, null, Token));

        Assert.Equal(code, failure.Code.ToString());
    }

    [Fact]
    public async Task A_403_for_a_scope_names_the_scopes()
    {
        const string error = """{"title": "Insufficient scope", "message": "This operation requires …", "required_scopes": ["scheduled_events:write", null]}""";
        _rig.Wire.On("GET /users/me", Answers.Json(error, HttpStatusCode.Forbidden));

        var failure = Failed(await _rig.Api.GetCurrentUserAsync(Token));

        Assert.Equal(FailureCode.ScopeMissing, failure.Code);
        Assert.Equal(["scheduled_events:write"], failure.RequiredScopes);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(422)]
    public async Task A_refused_input_names_the_fields(int status)
    {
        var error = $$"""{"title": "x", "message": "y", "details": [{"parameter": "count", "message": "must be at most 100", "code": "max"}, {"message": "{{new string('x', 999)}}"}, null]}""";
        _rig.Wire.On("GET /users/me", Answers.Json(error, (HttpStatusCode)status));

        var failure = Failed(await _rig.Api.GetCurrentUserAsync(Token));

        Assert.Equal(FailureCode.ValidationFailed, failure.Code);
        Assert.Equal([new FieldProblem("count", "max", "must be at most 100"), new FieldProblem("", "invalid", new string('x', 200))], failure.Fields);
    }

    [Fact]
    public async Task Who_has_no_token_gets_the_reason_and_nothing_is_sent()
    {
        _rig.Tokens.Failure = new Failure(FailureCode.NotConnected);

        Assert.Equal(_rig.Tokens.Failure, Failed(await _rig.Api.GetCurrentUserAsync(Token)));
        Assert.Empty(_rig.Wire.Sent);
    }

    private async Task<Result<ScheduledEvent>> EventAsync(JsonObject sample)
    {
        _rig.Wire.On("GET " + Event, Answers.Json(CalendlySamples.Resource(sample.DeepClone())));
        return await _rig.Api.GetScheduledEventAsync(CalendlySamples.EventId, Token);
    }

    // Null when the spoilt sample was read all the same.
    private async Task<FailureCode?> FailureAsync(string model, Action<JsonObject> spoil)
    {
        switch (model)
        {
            case "event":
                return Code(await EventAsync(Spoilt(CalendlySamples.ScheduledEvent())));
            case "invitee":
                _rig.Wire.On("GET " + Event + "/invitees", Answers.Json(CalendlySamples.Page(Spoilt(CalendlySamples.Invitee()))));
                return Code(await _rig.Api.ListInviteesAsync(CalendlySamples.EventId, new InviteesQuery(), Token));
            case "event type":
                _rig.Wire.On("GET /event_types", Answers.Json(CalendlySamples.Page(Spoilt(CalendlySamples.EventType()))));
                return Code(await _rig.Api.ListEventTypesAsync(new EventTypesQuery("u"), Token));
            case "user":
                _rig.Wire.On("GET /users/me", Answers.Json(CalendlySamples.Resource(Spoilt(CalendlySamples.User()))));
                return Code(await _rig.Api.GetCurrentUserAsync(Token));
            case "cancellation":
                _rig.Wire.On("POST " + Event + "/cancellation", Answers.Json(CalendlySamples.Resource(Spoilt(CalendlySamples.Cancellation())), HttpStatusCode.Created));
                return Code(await _rig.Api.CancelEventAsync(CalendlySamples.EventId, null, Token));
            default:
                throw new ArgumentOutOfRangeException(nameof(model), model, null);
        }

        JsonObject Spoilt(JsonObject sample)
        {
            spoil(sample);
            return sample;
        }
    }

    // The field is a name, "parent.name" or "list[0].name".
    private static void Spoil(JsonObject sample, string field, Action<JsonObject, string> spoil)
    {
        var parts = field.Split("[0].");
        if (parts.Length == 2)
        {
            spoil(sample[parts[0]]![0]!.AsObject(), parts[1]);
            return;
        }

        parts = field.Split('.');
        spoil(parts.Length == 2 ? sample[parts[0]]!.AsObject() : sample, parts[^1]);
    }

    private static T Value<T>(Result<T> result)
        where T : notnull =>
        result.Succeeded(out var value, out var failure) ? value : throw new InvalidOperationException(failure.ToString());

    private static Failure Failed<T>(Result<T> result)
        where T : notnull =>
        result.Succeeded(out var value, out var failure) ? throw new InvalidOperationException(value.ToString()) : failure;

    private static FailureCode? Code<T>(Result<T> result)
        where T : notnull =>
        result.Succeeded(out _, out var failure) ? null : failure.Code;
}
