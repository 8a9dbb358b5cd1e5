using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Web;
using NodaTime;

namespace CalendlySlices.Features.ScheduledEvents;

/// <summary>Who a session is with, in the words of a row.</summary>
/// <param name="First">The first name of the only person; null for a group.</param>
/// <param name="Zone">The zone of the only person, where known.</param>
/// <param name="Moved">Every booking was moved to another time.</param>
/// <param name="NoShow">Nobody came.</param>
internal sealed record SessionPeople(string Who, string? First, DateTimeZone? Zone, bool Moved, bool NoShow)
{
    private const int MaxFirstNameLength = 40;

    /// <summary>Null when there is nobody to name.</summary>
    public static SessionPeople? Of(IReadOnlyList<Invitee> invitees)
    {
        // Who canceled or moved away still names a session that nobody else is on.
        var present = invitees.Where(invitee => invitee.IsActive).ToList();
        IReadOnlyList<Invitee> people = present.Count > 0 ? present : invitees;
        if (people.Count == 0)
        {
            return null;
        }

        var only = people.Count == 1 ? people[0] : null;
        return new SessionPeople(
            only?.Name ?? $"{people.Count} people",
            only is null ? null : FirstName(only),
            ReaderZone.Find(only?.Timezone),
            people.All(invitee => invitee.Rescheduled),
            people.All(invitee => invitee.NoShow is not null));
    }

    /// <summary>Before the names are known: "1 invitee", "8 people".</summary>
    public static string Count(InviteesCounter counter)
    {
        var count = counter.Active > 0 ? counter.Active : counter.Total;
        return count == 1 ? "1 invitee" : $"{count} people";
    }

    public static string FirstName(Invitee invitee)
    {
        var first = string.IsNullOrWhiteSpace(invitee.FirstName)
            ? invitee.Name.Split(' ', 2, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(invitee.Name)
            : invitee.FirstName.Trim();
        return first.Length <= MaxFirstNameLength ? first : first[..MaxFirstNameLength] + "…";
    }

    /// <summary>Their clock at the session's start, when it differs from the reader's: "16:00 for Maya".</summary>
    public TheirClock? ClockAt(DateTimeOffset start, DateTimeZone reader)
    {
        if (Zone is null || First is null)
        {
            return null;
        }

        var theirs = start.In(Zone);
        return theirs.Offset == start.In(reader).Offset ? null : new TheirClock(ZonedTime.Clock(theirs), First, ZonedTime.IsNight(theirs));
    }
}

internal sealed record TheirClock(string Time, string First, bool Night);
