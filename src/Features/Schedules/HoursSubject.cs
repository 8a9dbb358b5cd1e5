using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Web;
using NodaTime;

namespace CalendlySlices.Features.Schedules;

/// <summary>Whose hours: a named schedule's, or those of one event type.</summary>
internal sealed record HoursTarget(bool IsEventType, string Id)
{
    public string Url => IsEventType ? $"/schedules/event-types/{Id}/hours" : $"/schedules/{Id}/hours";

    public string Uri => CalendlyUri.For(IsEventType ? "event_types" : "user_availability_schedules", Id);
}

/// <summary>Hours as Calendly has them.</summary>
/// <param name="Name">Of the event type or the schedule.</param>
/// <param name="Follows">The named schedule that the event type uses; null when it has hours of its own, and for schedules.</param>
/// <param name="Rules">They make sense, and so does <paramref name="Timezone"/>.</param>
internal sealed record HoursSubject(HoursTarget Target, string Name, string? Follows, string Timezone, IReadOnlyList<AvailabilityRule> Rules)
{
    public Hours Hours { get; } = Hours.Of(Rules)!;

    public DateTimeZone Zone { get; } = ReaderZone.Find(Timezone)!;

    public string Version => Hours.Version(Timezone);

    /// <summary>Its dates from today on, in words.</summary>
    public IReadOnlyList<string> Dates(DateTimeOffset now) =>
        [.. Hours.Dates.Where(date => date.Key >= now.In(Zone).Date).Select(date => HoursWords.Date(date.Key, date.Value))];
}
