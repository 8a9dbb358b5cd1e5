using System.Globalization;
using System.Text.Json;

namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>Booking by a program. Source: https://developer.calendly.com/openapi/calendly-api.json, path <c>/invitees</c>; how
/// its refusals are worded is documented for few of them.</summary>
internal sealed class InviteesApi(BookingDesk desk, RateWindows rates, EmulatorOptions options)
{
    /// <summary>Counts every call, refused ones included, in windows of its own beside those of all calls.</summary>
    public EmulatorAnswer Create(ApiCaller caller, EmulatorCall call, DateTimeOffset now)
    {
        RateLimit[] limits =
        [
            new("bookings a minute", options.BookingsPerMinute, TimeSpan.FromMinutes(1)),
            new("bookings an hour", options.BookingsPerHour, TimeSpan.FromHours(1)),
            new("bookings a day", options.BookingsPerDay, TimeSpan.FromDays(1)),
        ];
        var standing = rates.Take(caller.Account.Id, limits, now);
        return standing.Mark(standing.Allowed ? Book(caller, call, now) : ApiErrors.TooMany());
    }

    private EmulatorAnswer Book(ApiCaller caller, EmulatorCall call, DateTimeOffset now)
    {
        if (!ApiBody.TryRead(call, out var body))
        {
            return ApiBody.Unreadable();
        }

        body.Require("event_type");
        body.Require("start_time");
        body.Require("invitee");
        var id = body.Id("event_type", "event_types");
        var start = body.Time("start_time");
        var request = body.Inner("invitee") is { } invitee ? Invitee(invitee) : null;
        var tracking = Tracking(body);
        var guests = Guests(body);
        if (start <= now)
        {
            body.Refuse("start_time", "must be in the future");
        }

        EmulatedEventType? type = null;
        if (id is not null && (!desk.World.TryGetEventType(id, out type) || type.DeletedAt is not null))
        {
            return body.HasProblems ? ApiErrors.Invalid(body.Problems) : ApiErrors.NotFound();
        }

        if (type is not null && !caller.MayChange(type.Owner) && !type.CoHosts.Contains(caller.Account))
        {
            return ApiErrors.Denied("You do not have permission to access this resource.");
        }

        if (type is { Active: false })
        {
            body.Refuse("event_type", "must be an active event type");
        }

        var (place, placeText) = type is null ? (null, null) : Place(body, type);
        var answers = type is null ? [] : Answers(body, type);
        if (body.HasProblems || type is null || request is null || start is null)
        {
            return ApiErrors.Invalid(body.Problems);
        }

        request = request with { Tracking = tracking, Guests = guests, Place = place, PlaceText = placeText, Answers = answers };
        return desk.Book(type, start.Value, request, now) is { } booked
            ? new EmulatorAnswer(StatusCodes.Status201Created, EmulatorJson.Resource(booked.Json))
            : ApiErrors.Invalid("start_time", "is not available");
    }

    private static BookingRequest? Invitee(ApiBody invitee)
    {
        var name = invitee.Text("name");
        var first = invitee.Text("first_name");
        var last = invitee.Text("last_name");
        if (invitee.Value("name") is null && invitee.Value("first_name") is null)
        {
            invitee.Refuse("name", "is required");
        }

        invitee.Require("email");
        invitee.Require("timezone");
        var email = invitee.Text("email");
        if (email is not null && !BookingRules.IsEmail(email))
        {
            invitee.Refuse("email", "must be an e-mail address");
        }

        var zone = invitee.Zone("timezone");
        var number = invitee.Value("text_reminder_number") is null ? null : invitee.Text("text_reminder_number");
        if (number is not null && !BookingRules.IsInternationalNumber(number))
        {
            invitee.Refuse("text_reminder_number", "must be a number like +12025550123");
        }

        return email is null || zone is null || (name ?? first) is null ? null : new(name ?? string.Join(' ', new[] { first, last }.Where(part => part is not null)), email, zone.Id)
        {
            FirstName = first,
            LastName = first is null ? null : last,
            TextReminderNumber = number,
            ByApi = true,
        };
    }

    /// <summary>Where it is given at all, each of the six is, if only as null.</summary>
    private static EmulatedTracking Tracking(ApiBody body)
    {
        if (body.Value("tracking") is null || body.Inner("tracking") is not { } tracking)
        {
            return EmulatedTracking.None;
        }

        return EmulatedTracking.Of(name =>
        {
            if (tracking.IsNull(name))
            {
                return null;
            }

            if (tracking.Value(name) is not { ValueKind: JsonValueKind.String } value)
            {
                tracking.Refuse(name, tracking.Value(name) is null ? "is missing" : "must be a text");
                return null;
            }

            return value.GetString();
        });
    }

    private static List<string> Guests(ApiBody body)
    {
        var guests = new List<string>();
        if (body.Value("event_guests") is null || body.Items("event_guests") is not { } items)
        {
            return guests;
        }

        if (items.Count > BookingRules.MostGuests)
        {
            body.Refuse("event_guests", string.Create(CultureInfo.InvariantCulture, $"must be at most {BookingRules.MostGuests}"));
        }

        for (var index = 0; index < items.Count; index++)
        {
            if (items[index].ValueKind == JsonValueKind.String && items[index].GetString() is { } guest && BookingRules.IsEmail(guest))
            {
                guests.Add(guest);
            }
            else
            {
                body.Refuse(string.Create(CultureInfo.InvariantCulture, $"event_guests[{index}]"), "must be an e-mail address");
            }
        }

        return guests;
    }

    private static (PlaceOnOffer? Place, string? Text) Place(ApiBody body, EmulatedEventType type)
    {
        var onOffer = type.Pooling == "round_robin" ? [] : PlaceOnOffer.Of(type);
        if (onOffer.Count == 0)
        {
            if (body.Value("location") is not null)
            {
                body.Refuse("location", "must be left out for this event type");
            }

            return (null, null);
        }

        body.Require("location");
        if (body.Value("location") is null || body.Inner("location") is not { } location)
        {
            return (null, null);
        }

        location.Require("kind");
        var kind = location.OneOf("kind", [.. onOffer.Select(place => place.Kind).Distinct()]);
        var text = location.Value("location") is null ? null : location.Text("location");
        var places = onOffer.Where(place => place.Kind == kind).ToList();
        if (places.Count == 0 || !places[0].NeedsText)
        {
            return (places.FirstOrDefault(), null);
        }

        location.Require("location");
        var chosen = places.Find(place => place.IsUpToInvitee || place.Location == text);
        if (text is not null && chosen is null)
        {
            location.Refuse("location", "must be a location of the event type");
        }

        return (chosen, text);
    }

    private static List<(string Question, string Answer)> Answers(ApiBody body, EmulatedEventType type)
    {
        var given = new Dictionary<EmulatedQuestion, string>();
        var items = body.Value("questions_and_answers") is null ? [] : body.Items("questions_and_answers") ?? [];
        for (var index = 0; index < items.Count; index++)
        {
            if (body.Inside(string.Create(CultureInfo.InvariantCulture, $"questions_and_answers[{index}]"), items[index]) is { } item)
            {
                ReadAnswer(item, type, given);
            }
        }

        foreach (var question in type.Questions.Where(question => question.Required && !given.ContainsKey(question)))
        {
            body.Refuse("questions_and_answers", $"has no answer to a required question: {question.Name}");
        }

        return [.. type.Questions.Where(given.ContainsKey).Select(question => (question.Name, given[question]))];
    }

    private static void ReadAnswer(ApiBody item, EmulatedEventType type, Dictionary<EmulatedQuestion, string> given)
    {
        if (item.Value("question") is null)
        {
            item.Refuse("question", "is missing");
            return;
        }

        item.Require("answer");
        var answer = item.Text("answer");
        if (item.Text("question") is not { } name)
        {
            return;
        }

        if (type.Questions.FirstOrDefault(question => question.Name == name) is not { } asked)
        {
            item.Refuse("question", "is not a question of this event type");
            return;
        }

        if (item.Value("position") is { } position && (!ApiBody.IsWhole(position, 0, type.Questions.Count - 1, out var place) || type.Questions[place] != asked))
        {
            item.Refuse("position", "is not the position of the question");
        }

        if (answer is null)
        {
            return;
        }

        if (BookingRules.Problem(asked, answer) is { } problem)
        {
            item.Refuse("answer", problem);
        }
        else if (!given.TryAdd(asked, answer))
        {
            item.Refuse("question", "is answered twice");
        }
    }
}
