using System.Globalization;
using CalendlySlices.Infrastructure.Web;
using FluentValidation;
using NodaTime.Text;

namespace CalendlySlices.Features.ScheduledEvents;

internal sealed class ScheduledEventsValidator : AbstractValidator<SessionsInput>
{
    public ScheduledEventsValidator()
    {
        RuleFor(input => input.Tab).Must(OneOf("upcoming", "past", "canceled")).WithErrorCode("oneOf").WithMessage("Choose upcoming, past or canceled.");
        RuleFor(input => input.Range).Must(OneOf("today", "week", "30days")).WithErrorCode("oneOf").WithMessage("Choose today, week or 30days.");
        RuleFor(input => input.Sort).Must(OneOf("soonest", "latest")).WithErrorCode("oneOf").WithMessage("Choose soonest or latest.");
        RuleFor(input => input.PageToken).MaximumLength(ApiPaging.MaxPageTokenLength).WithErrorCode("maxLength").WithMessage("This is not a page of the list.");
        RuleFor(input => input.Shown).Must(BeACount).WithErrorCode("range").WithMessage("That is not a number of sessions.");
        RuleFor(input => input.From).Must(BeADay).WithErrorCode("date").WithMessage(NotADay);
        RuleFor(input => input.To).Must(BeADay).WithErrorCode("date").WithMessage(NotADay);
        RuleFor(input => input.From).Must((input, _) => InOrder(input)).WithErrorCode("range").WithMessage("This day is after the last day.");
        RuleFor(input => input.To).Must((input, _) => InOrder(input)).WithErrorCode("range").WithMessage("This day is before the first day.");
    }

    private static Func<string?, bool> OneOf(params string[] words) => text => string.IsNullOrEmpty(text) || words.Contains(text);

    private static bool BeADay(string? text) =>
        string.IsNullOrEmpty(text) || (LocalDatePattern.Iso.Parse(text) is { Success: true, Value.Year: >= EventsInput.FirstYear and <= EventsInput.LastYear });

    private static bool BeACount(string? text) => string.IsNullOrEmpty(text) || ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private static string NotADay(SessionsInput input) => "That is not a day. Write it like 2026-03-10.";

    private static bool InOrder(SessionsInput input) =>
        SessionFilter.Date(input.From) is not { } first || SessionFilter.Date(input.To) is not { } last || first <= last;
}
