using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Tokens;
using CalendlySlices.Infrastructure.Web;
using NodaTime;

namespace CalendlySlices.Features.Cancel;

/// <summary>What is said about a session and the people in it.</summary>
internal static class CancelWords
{
    private const int MaxFirstNameLength = 40;

    /// <summary>"Ana Ruiz", "8 people", "1 invitee" while the name is not known.</summary>
    public static string Who(ScheduledEvent session, IReadOnlyList<Invitee>? invitees) =>
        Only(invitees) is { } only ? only.Name : Count(session) == 1 ? "1 invitee" : $"{Count(session)} people";

    /// <summary>"06:30 for Ana", when her clock differs from the reader's.</summary>
    public static string? Their(ScheduledEvent session, IReadOnlyList<Invitee>? invitees, DateTimeZone reader)
    {
        if (Only(invitees) is not { } only || ReaderZone.Find(only.Timezone) is not { } zone)
        {
            return null;
        }

        var theirs = session.StartTime.In(zone);
        return theirs.Offset == session.StartTime.In(reader).Offset ? null : $"{ZonedTime.Clock(theirs)} for {First(only)}";
    }

    /// <summary>"Ben and 2 guests get", "All 8 people get", "Ana gets".</summary>
    public static string Audience(ScheduledEvent session, IReadOnlyList<Invitee>? invitees)
    {
        var guests = session.EventGuests.Count switch { 0 => null, 1 => " and 1 guest", var count => $" and {count} guests" };
        var people = Only(invitees) is { } only ? First(only) : Count(session) == 1 ? "The invitee" : $"All {Count(session)} people";
        return $"{people}{guests} {(guests is null && Count(session) == 1 ? "gets" : "get")}";
    }

    /// <summary>"Canceled. Ana has been told."</summary>
    public static string Told(ScheduledEvent session, IReadOnlyList<Invitee>? invitees) => (Only(invitees), Count(session)) switch
    {
        ({ } only, _) => $"Canceled. {First(only)} has been told.",
        (_, 1) => "Canceled. The invitee has been told.",
        (_, var count) => $"Canceled. All {count} people have been told.",
    };

    /// <summary>"Already canceled by Ana on Tue 10 Mar, 14:02."</summary>
    public static string Already(Cancellation? cancellation, Connection? connection, DateTimeZone reader) => cancellation switch
    {
        null => "This session is already canceled.",
        { CreatedAt: { } at } => $"Already canceled by {By(cancellation, connection)} on {ZonedTime.Moment(at.In(reader))}.",
        _ => $"Already canceled by {By(cancellation, connection)}.",
    };

    /// <summary>"you", or the name that Calendly gives.</summary>
    public static string By(Cancellation cancellation, Connection? connection) =>
        cancellation.CancelerType == "host" && cancellation.CanceledBy == connection?.Profile?.Name ? "you" : cancellation.CanceledBy;

    private static int Count(ScheduledEvent session) =>
        session.InviteesCounter.Active > 0 ? session.InviteesCounter.Active : session.InviteesCounter.Total;

    private static Invitee? Only(IReadOnlyList<Invitee>? invitees)
    {
        var present = invitees?.Where(invitee => invitee.IsActive).ToList();
        var people = present is { Count: > 0 } ? present : invitees;
        return people is { Count: 1 } ? people[0] : null;
    }

    private static string First(Invitee invitee)
    {
        var first = string.IsNullOrWhiteSpace(invitee.FirstName)
            ? invitee.Name.Split(' ', 2, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(invitee.Name)
            : invitee.FirstName.Trim();
        return first.Length <= MaxFirstNameLength ? first : first[..MaxFirstNameLength] + "…";
    }
}
