using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using NodaTime.Text;

namespace CalendlySlices.Features.Schedules;

/// <summary>The query of the page, as sent.</summary>
/// <param name="Week">A day of the week that is shown; this week when absent.</param>
/// <param name="Clock">Whose clock the hours are read on: <c>schedule</c>, or <c>mine</c>.</param>
/// <param name="Renew"><c>1</c> asks Calendly anew.</param>
internal sealed record SchedulesInput(string? Week = null, [FromQuery(Name = "zone")] string? Clock = null, string? Renew = null)
{
    public bool IsMine => Clock == "mine";

    /// <summary>The Monday of the week; null for what is no day.</summary>
    public LocalDate? Monday(LocalDate today) => string.IsNullOrEmpty(Week) ? MondayOf(today)
        : LocalDatePattern.Iso.Parse(Week) is { Success: true, Value: var day } ? MondayOf(day)
        : null;

    public static LocalDate MondayOf(LocalDate day) => day.PlusDays(1 - (int)day.DayOfWeek);

    /// <summary>The page's address with what differs from the usual.</summary>
    public static string Url(LocalDate? monday, bool mine, bool renew = false)
    {
        var parts = new[] { monday is { } week ? $"week={LocalDatePattern.Iso.Format(week)}" : null, mine ? "zone=mine" : null, renew ? "renew=1" : null };
        var query = string.Join('&', parts.OfType<string>());
        return query.Length == 0 ? "/schedules" : $"/schedules?{query}";
    }
}

internal sealed class SchedulesValidator : AbstractValidator<SchedulesInput>
{
    /// <summary>Weeks ahead that can be looked at.</summary>
    public const int MostWeeks = 52;

    public SchedulesValidator(TimeProvider clock)
    {
        RuleFor(input => input.Clock).Must(word => word is null or "" or "schedule" or "mine").WithErrorCode("oneOf").OverridePropertyName("zone").WithMessage("Choose schedule or mine.");
        RuleFor(input => input.Week).Must((input, _) => input.Monday(Today()) is not null).WithErrorCode("date").WithMessage("That is not a day. Write it like 2026-03-10.");
        RuleFor(input => input.Week)
            .Must((input, _) => input.Monday(Today()) is not { } monday || IsInRange(monday))
            .WithErrorCode("range")
            .WithMessage("Choose a week from this one to a year ahead.");

        // The reader's own today may be a day off; the page settles that by showing this week instead of the one before.
        LocalDate Today() => Instant.FromDateTimeOffset(clock.GetUtcNow()).InUtc().Date;

        bool IsInRange(LocalDate monday)
        {
            var weeks = Period.DaysBetween(SchedulesInput.MondayOf(Today()), monday) / 7;
            return weeks is >= -1 and <= MostWeeks;
        }
    }
}
