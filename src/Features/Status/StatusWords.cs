using System.Globalization;
using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Web;
using NodaTime;

namespace CalendlySlices.Features.Status;

internal static class StatusWords
{
    /// <summary>What each needed scope allows, as the end of "not allowed:".</summary>
    public static readonly IReadOnlyDictionary<string, string> Scopes = new Dictionary<string, string>
    {
        ["users:read"] = "seeing who you are",
        ["event_types:write"] = "reading event types, and turning them on or off",
        ["availability:write"] = "reading and changing your hours",
        ["scheduled_events:write"] = "canceling sessions",
        ["scheduling_links:write"] = "making links for one booking",
        [RequestedScopes.LiveUpdates] = "being told at once when something changes",
    };

    /// <summary>An operation of Calendly's as something that somebody wanted.</summary>
    public static string Operation(string operation) => operation switch
    {
        "GET /users/{id}" => "Reading the account",
        "GET /scheduled_events" => "Reading sessions",
        "GET /scheduled_events/{id}" => "Reading one session",
        "GET /scheduled_events/{id}/invitees" => "Reading who booked",
        "POST /scheduled_events/{id}/cancellation" => "Canceling a session",
        "GET /event_types" or "GET /event_types/{id}" => "Reading event types",
        "PATCH /event_types/{id}" => "Turning an event type on or off",
        "GET /event_type_available_times" => "Reading free times",
        "GET /user_busy_times" => "Reading busy times",
        "GET /event_type_availability_schedules" or "GET /user_availability_schedules" or "GET /user_availability_schedules/{id}" => "Reading hours",
        "PATCH /event_type_availability_schedules" or "PATCH /user_availability_schedules/{id}" => "Saving hours",
        "POST /scheduling_links" => "Making a link for one booking",
        "POST /webhook_subscriptions" => "Turning live updates on",
        "GET /webhook_subscriptions" or "DELETE /webhook_subscriptions/{id}" => "Looking after live updates",
        _ => "Another call",
    };

    /// <summary>How a failed call ended, in a few words.</summary>
    public static string Ending(FailureCode code) => code switch
    {
        FailureCode.CalendlyUnavailable => "Calendly did not answer",
        FailureCode.CalendlyTimeout => "Calendly took too long",
        FailureCode.CalendlyBadResponse => "Calendly's answer made no sense",
        FailureCode.RateLimited => "Calendly asked us to wait",
        FailureCode.ReconnectRequired => "Calendly has ended our access",
        FailureCode.ScopeMissing => "a permission is missing",
        FailureCode.NotFound => "Calendly knows of no such thing",
        FailureCode.CalendlyExternalCalendar => "Calendly cannot read the connected calendar",
        FailureCode.ValidationFailed => "Calendly refused what was asked",
        _ => "Calendly did not allow it",
    };

    /// <summary><c>just now</c>, <c>12 s ago</c>, <c>34 min ago</c>; the page's script counts on in the same words.</summary>
    public static string Ago(DateTimeOffset at, DateTimeOffset now) => (now - at) switch
    {
        { TotalSeconds: < 5 } => "just now",
        { TotalMinutes: < 1 } span => $"{span.Seconds} s ago",
        { TotalHours: < 1 } span => $"{span.Minutes} min ago",
        { TotalDays: < 1 } span => $"{span.Hours} h ago",
        var span => $"{span.Days} d ago",
    };

    /// <summary><c>38 s</c>, <c>86 min</c>, <c>3 h 10 min</c></summary>
    public static string Ahead(TimeSpan span) =>
        span >= TimeSpan.FromHours(1) && span < TimeSpan.FromHours(2) ? $"{(int)span.TotalMinutes} min" : ZonedTime.Span(span);

    /// <summary><c>Mon 2 Mar, 10:00</c></summary>
    public static string Moment(DateTimeOffset instant, DateTimeZone zone) => ZonedTime.Moment(instant.In(zone));

    /// <summary><c>12:00</c> today, otherwise with the day.</summary>
    public static string Until(DateTimeOffset instant, DateTimeOffset now, DateTimeZone zone) =>
        instant.In(zone).Date == now.In(zone).Date ? ZonedTime.Clock(instant.In(zone)) : Moment(instant, zone);

    public static string Seconds(TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, (int)Math.Ceiling(span.TotalSeconds))} s");
}
