using System.Globalization;
using CalendlySlices.Infrastructure.Calendly.Models;

namespace CalendlySlices.Features.Booking;

/// <summary>Our own form as typed.</summary>
/// <param name="Place">The number of a <see cref="PlaceChoice"/>.</param>
/// <param name="Places">What was typed beside each choice of place, by its number.</param>
/// <param name="Answers">By the question's position.</param>
/// <param name="Guests">Addresses, with commas, semicolons or white space between them.</param>
internal sealed record TypedBooking(
    string Name,
    string Email,
    string Timezone,
    string Place,
    IReadOnlyDictionary<int, string> Places,
    IReadOnlyDictionary<int, TypedAnswer> Answers,
    string Guests)
{
    private static readonly char[] Between = [',', ';', ' ', '\t', '\r', '\n'];

    public IReadOnlyList<string> GuestList => Guests.Split(Between, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public TypedAnswer AnswerTo(CustomQuestion question) => Answers.GetValueOrDefault(question.Position) ?? TypedAnswer.None;

    public static TypedBooking Empty(string name, string? email, string timezone) =>
        new(name, email ?? string.Empty, timezone, string.Empty, new Dictionary<int, string>(), new Dictionary<int, TypedAnswer>(), string.Empty);

    public static TypedBooking Read(IFormCollection form, EventType type) => new(
        Text(form, "name"),
        Text(form, "email"),
        Text(form, "timezone"),
        Text(form, "location"),
        PlaceChoice.Of(type).ToDictionary(choice => choice.Number, choice => Text(form, choice.Field)),
        Questions(type).ToDictionary(question => question.Position, question => TypedAnswer.Read(form, question)),
        Text(form, "guests"));

    /// <summary>Those that Calendly asks, in its order.</summary>
    public static IEnumerable<CustomQuestion> Questions(EventType type) => type.CustomQuestions.Where(question => question.Enabled).OrderBy(question => question.Position);

    /// <summary>The field of a question, for example <c>q0</c>.</summary>
    public static string Field(CustomQuestion question) => string.Create(CultureInfo.InvariantCulture, $"q{question.Position}");

    // Both ends of a line may be of spaces that nobody meant.
    private static string Text(IFormCollection form, string field) => form[field].ToString().Trim();
}

/// <param name="Values">What was written, or chosen.</param>
/// <param name="Other">Written where none of the choices fits.</param>
internal sealed record TypedAnswer(IReadOnlyList<string> Values, string Other)
{
    /// <summary>The value of the choice "Other".</summary>
    public const string OtherChoice = "(other)";

    public static readonly TypedAnswer None = new([], string.Empty);

    public string First => Values.Count > 0 ? Values[0] : string.Empty;

    /// <summary>As Calendly takes it: several choices on a line each. Empty when nothing was answered.</summary>
    public string Text => string.Join('\n', Values.Select(value => value == OtherChoice ? Other : value).Where(value => value.Length > 0));

    public static TypedAnswer Read(IFormCollection form, CustomQuestion question)
    {
        var field = TypedBooking.Field(question);
        return new TypedAnswer(
            [.. form[field].Select(value => (value ?? string.Empty).ReplaceLineEndings("\n").Trim()).Where(value => value.Length > 0)],
            form[field + "-other"].ToString().Trim());
    }
}
