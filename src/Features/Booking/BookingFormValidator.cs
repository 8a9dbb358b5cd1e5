using System.Text.RegularExpressions;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Identity;
using FluentValidation;
using FluentValidation.Results;

namespace CalendlySlices.Features.Booking;

/// <summary>What can be seen without asking Calendly; on the rest, Calendly is the authority.</summary>
internal sealed partial class BookingFormValidator : AbstractValidator<BookingForm>
{
    private const int LongestName = 255;
    private const int LongestEmail = 254;
    private const int LongestAnswer = 10_000;

    public BookingFormValidator()
    {
        RuleFor(form => form).Custom((form, context) =>
        {
            foreach (var (field, rule, message) in Problems(form))
            {
                context.AddFailure(new ValidationFailure(field, message) { ErrorCode = rule });
            }
        });
    }

    public static bool IsEmail(string text) => text.Length <= LongestEmail && Email().IsMatch(text);

    private static IEnumerable<(string Field, string Rule, string Message)> Problems(BookingForm form)
    {
        var typed = form.Typed;
        if (typed.Name.Length == 0)
        {
            yield return ("name", "required", "Say who is coming.");
        }
        else if (typed.Name.Length > LongestName || typed.Name.Any(char.IsControl))
        {
            yield return ("name", "maxLength", $"At most {LongestName} characters, on one line.");
        }

        if (!IsEmail(typed.Email))
        {
            yield return ("email", "email", typed.Email.Length == 0 ? "Calendly sends the invitation to an email address." : "That is not an email address.");
        }

        if (ReaderZone.Find(typed.Timezone) is null)
        {
            yield return ("timezone", "zone", "That is not a time zone. Write it like America/New_York.");
        }

        foreach (var problem in PlaceProblems(form).Concat(GuestProblems(typed)))
        {
            yield return problem;
        }

        foreach (var question in TypedBooking.Questions(form.Type))
        {
            if (ProblemWith(question, typed.AnswerTo(question)) is { } message)
            {
                yield return (TypedBooking.Field(question), "answer", message);
            }
        }
    }

    private static IEnumerable<(string Field, string Rule, string Message)> PlaceProblems(BookingForm form)
    {
        var choices = PlaceChoice.Of(form.Type);
        if (choices.Count == 0)
        {
            yield break;
        }

        if (Chosen(form) is not { } chosen)
        {
            yield return ("location", "required", "Choose where you meet.");
        }
        else if (chosen.Ask is { } ask && form.Typed.Places.GetValueOrDefault(chosen.Number, string.Empty) is var said && (said.Length == 0 || said.Length > LongestName))
        {
            yield return (chosen.Field, "required", said.Length == 0 ? $"{ask} is needed for this." : $"At most {LongestName} characters.");
        }
    }

    /// <summary>Null when nothing on offer is chosen.</summary>
    public static PlaceChoice? Chosen(BookingForm form)
    {
        var choices = PlaceChoice.Of(form.Type);
        return choices.Count == 1 ? choices[0] : choices.FirstOrDefault(choice => $"{choice.Number}" == form.Typed.Place);
    }

    private static IEnumerable<(string Field, string Rule, string Message)> GuestProblems(TypedBooking typed)
    {
        if (typed.GuestList.Count > InviteeRequest.MostGuests)
        {
            yield return ("guests", "maxCount", $"At most {InviteeRequest.MostGuests} guests.");
        }
        else if (typed.GuestList.FirstOrDefault(guest => !IsEmail(guest)) is { } wrong)
        {
            yield return ("guests", "email", $"{(wrong.Length > 60 ? wrong[..60] + "…" : wrong)} is not an email address.");
        }
    }

    private static string? ProblemWith(CustomQuestion question, TypedAnswer answer)
    {
        var text = answer.Text;
        return text.Length == 0 ? question.Required ? "This one has to be answered." : null
            : text.Length > LongestAnswer ? $"At most {LongestAnswer:N0} characters."
            : question.Type switch
            {
                "single_select" when answer.Values.Count > 1 => "Choose one.",
                "single_select" or "multi_select" => answer.Values.All(value => IsOffered(question, value)) ? null : "Choose from the list.",
                "phone_number" when !Phone().IsMatch(text) => "That is not a phone number. Write it like +1 212 555 0100.",
                "string" or "phone_number" when text.Contains('\n', StringComparison.Ordinal) => "On one line, please.",
                _ => null,
            };
    }

    private static bool IsOffered(CustomQuestion question, string value) =>
        value == TypedAnswer.OtherChoice ? question.IncludeOther == true : question.AnswerChoices?.Contains(value) is true;

    [GeneratedRegex(@"\A[^\s@,;<>""]+@[^\s@,;<>""]+\.[^\s@,;<>"".]+\z")]
    private static partial Regex Email();

    [GeneratedRegex(@"\A\+?[0-9][0-9 ().\-]{4,30}\z")]
    private static partial Regex Phone();
}
