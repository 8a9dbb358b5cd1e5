using System.Globalization;

namespace CalendlySlices.Infrastructure.Calendly.Emulator.Widget;

/// <summary>The details that a booking page asks for, as they were prefilled or filled in.</summary>
internal sealed record WidgetForm
{
    private static readonly char[] BetweenGuests = [',', ';', ' ', '\r', '\n'];

    public string Name { get; private init; } = string.Empty;

    public string Email { get; private init; } = string.Empty;

    public string Guests { get; private init; } = string.Empty;

    public string Zone { get; private init; } = string.Empty;

    /// <summary>Which of the places on offer, counted from 0.</summary>
    public int Place { get; private init; }

    public string PlaceText { get; private init; } = string.Empty;

    /// <summary>By the place of the question; several for several choices.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Answers { get; private init; } = [];

    /// <summary>By the name of the field.</summary>
    public Dictionary<string, string> Problems { get; } = new(StringComparer.Ordinal);

    public static string Question(int position) => string.Create(CultureInfo.InvariantCulture, $"q{position}");

    public static WidgetForm Prefilled(EmulatedEventType type, WidgetAddress address, string zone)
    {
        var places = PlaceOnOffer.Of(type);
        var location = address["location"];
        var place = location is null ? -1 : places.ToList().FindIndex(place => place.Kind == location || place.Location == location);
        if (location is not null && place < 0)
        {
            place = places.ToList().FindIndex(place => place.IsUpToInvitee);
        }

        return new()
        {
            Name = address.Name ?? string.Empty,
            Email = address["email"] ?? string.Empty,
            Guests = (address["guests"] ?? string.Empty).Replace(",", ", ", StringComparison.Ordinal),
            Zone = zone,
            Place = Math.Max(0, place),
            PlaceText = place >= 0 && places[place].IsUpToInvitee ? location! : string.Empty,
            Answers = [.. type.Questions.Select((question, position) => Given(question, address.Answer(position)))],
        };
    }

    public static WidgetForm Filled(EmulatedEventType type, IFormCollection form) => new()
    {
        Name = One(form, "name"),
        Email = One(form, "email"),
        Guests = One(form, "guests"),
        Zone = One(form, "timezone"),
        Place = int.TryParse(form["place"], NumberStyles.None, CultureInfo.InvariantCulture, out var place) ? place : 0,
        PlaceText = One(form, "placeText"),
        Answers = [.. type.Questions.Select((_, position) => (IReadOnlyList<string>)
            [.. form[Question(position)].Select(answer => (answer ?? string.Empty).Trim().ReplaceLineEndings("\n")).Where(answer => answer.Length > 0)])],
    };

    /// <summary>The booking; null when something is wrong, which <see cref="Problems"/> then says.</summary>
    public BookingRequest? Check(EmulatedEventType type, EmulatedTracking tracking)
    {
        Require(Name.Length > 0, "name", "Name can't be blank.");
        Require(BookingRules.IsEmail(Email), "email", Email.Length == 0 ? "Email can't be blank." : "That is not an email address.");
        var guests = Guests.Split(BetweenGuests, StringSplitOptions.RemoveEmptyEntries);
        Require(guests.Length <= BookingRules.MostGuests, "guests", $"Up to {BookingRules.MostGuests} guests can come along.");
        Require(guests.All(BookingRules.IsEmail), "guests", "Guests are email addresses, with commas between them.");
        var places = type.Pooling == "round_robin" ? [] : PlaceOnOffer.Of(type);
        var place = places.ElementAtOrDefault(Place);
        Require(place is not null || places.Count == 0, "place", "Choose one of these.");
        Require(place is not { IsUpToInvitee: true } || PlaceText.Length > 0, "placeText", "Say where.");
        var answers = new List<(string Question, string Answer)>();
        for (var position = 0; position < type.Questions.Count; position++)
        {
            var question = type.Questions[position];
            var answer = string.Join('\n', Answers[position]);
            Require(!question.Required || answer.Length > 0, Question(position), "This needs an answer.");
            if (answer.Length > 0)
            {
                var problem = BookingRules.Problem(question, answer);
                Require(problem is null, Question(position), $"This {problem}.");
                answers.Add((question.Name, answer));
            }
        }

        return Problems.Count > 0 ? null : new(Name, Email, BookingRules.IsZone(Zone) ? Zone : null)
        {
            Answers = answers,
            Guests = guests,
            Tracking = tracking,
            Place = place,
            PlaceText = place is { NeedsText: true, IsUpToInvitee: false } ? place.Location : PlaceText,
        };
    }

    private void Require(bool isMet, string field, string problem)
    {
        if (!isMet)
        {
            Problems.TryAdd(field, problem);
        }
    }

    private static string[] Given(EmulatedQuestion question, string? answer) =>
        answer is null ? []
        : question.Type == "multi_select" ? answer.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        : [answer];

    private static string One(IFormCollection form, string name) => form[name].ToString().Trim();
}
