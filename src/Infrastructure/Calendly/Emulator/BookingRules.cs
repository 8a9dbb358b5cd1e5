using System.Net.Mail;
using System.Text.RegularExpressions;
using NodaTime;

namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>What a booking must be, whichever way it comes in.</summary>
internal static partial class BookingRules
{
    public const int MostGuests = 10;

    public static bool IsEmail(string? text) =>
        text is { Length: <= 254 } && MailAddress.TryCreate(text, out var address) && address.Address == text && address.Host.Contains('.', StringComparison.Ordinal);

    public static bool IsZone(string? text) => text is not null && DateTimeZoneProviders.Tzdb.GetZoneOrNull(text) is not null;

    /// <summary>A number in the form of E.164, such as <c>+12025550123</c>.</summary>
    public static bool IsInternationalNumber(string? text) => text is not null && International().IsMatch(text);

    /// <summary>Why this cannot be the answer, or null. Several choices come as lines of one text.</summary>
    public static string? Problem(EmulatedQuestion question, string answer) => question.Type switch
    {
        "phone_number" when !Phone().IsMatch(answer) => "must be a phone number",
        "single_select" when !question.Choices.Contains(answer) => "must be one of the choices",
        "multi_select" when answer.Split('\n').Any(choice => !question.Choices.Contains(choice)) => "must be some of the choices, each on a line",
        "string" when answer.Contains('\n', StringComparison.Ordinal) => "must be one line",
        _ => null,
    };

    [GeneratedRegex(@"\A\+[1-9][0-9]{6,14}\z")]
    private static partial Regex International();

    [GeneratedRegex(@"\A\+?[0-9][0-9 ().-]{4,24}\z")]
    private static partial Regex Phone();
}
