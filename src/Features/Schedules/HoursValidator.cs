using FluentValidation;
using FluentValidation.Results;
using NodaTime;

namespace CalendlySlices.Features.Schedules;

/// <summary>Each line of the week. A problem's field is day and line: <c>tuesday-0</c>.</summary>
internal sealed class HoursValidator : AbstractValidator<HoursForm>
{
    /// <summary>Minutes.</summary>
    public const int Step = 5;

    public HoursValidator()
    {
        RuleFor(form => form.Seen).NotEmpty().WithErrorCode("required").WithMessage("This form is not complete. Open it again.");
        RuleFor(form => form).Custom(CheckWeek);
    }

    public static string Field(IsoDayOfWeek day, int index) => $"{Hours.Word(day)}-{index}";

    private static void CheckWeek(HoursForm form, ValidationContext<HoursForm> context)
    {
        var earlier = new List<(IsoDayOfWeek Day, Stretch Stretch)>();
        foreach (var day in Hours.Days)
        {
            for (var index = 0; index < form[day].Count; index++)
            {
                var typed = form[day][index];
                var problem = Problem(typed) ?? Overlap(day, typed.Stretch!.Value, earlier);
                if (problem is { } found)
                {
                    context.AddFailure(new ValidationFailure(Field(day, index), found.Message) { ErrorCode = found.Rule });
                }

                if (typed.Stretch is { } stretch)
                {
                    earlier.Add((day, stretch));
                }
            }
        }
    }

    private static (string Rule, string Message)? Problem(TypedHours typed) =>
        typed is { From: "" } or { To: "" } ? ("required", "Fill in both times, or remove this line.")
        : !typed.IsReadable ? ("time", "Write both times like 09:00, from 00:00 to 24:00.")
        : typed.Stretch!.Value is var (from, to) && (from % Step != 0 || to % Step != 0) ? ("step", "Calendly takes steps of 5 minutes.")
        : to > HourSpan.Midnight && to - from > Stretch.LongestOvernight ? ("order", "The start has to be before the end. Past midnight, at most 12 hours are taken.")
        : null;

    // On the circle of a week, since Sunday's hours may go on into Monday.
    private static (string Rule, string Message)? Overlap(IsoDayOfWeek day, Stretch stretch, List<(IsoDayOfWeek Day, Stretch Stretch)> earlier)
    {
        foreach (var other in earlier)
        {
            var apart = ((int)day - (int)other.Day) * HourSpan.Midnight;
            if (new[] { 0, 7 * HourSpan.Midnight, -7 * HourSpan.Midnight }.Any(turn =>
                apart + turn + stretch.From < other.Stretch.To && other.Stretch.From < apart + turn + stretch.To))
            {
                return ("overlap", $"This overlaps {HoursWords.One(other.Stretch, other.Day)} on {Hours.Name(other.Day)}.");
            }
        }

        return null;
    }
}
