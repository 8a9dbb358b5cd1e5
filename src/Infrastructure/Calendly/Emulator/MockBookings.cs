using System.Data.Common;
using CalendlySlices.Infrastructure.Bookings;
using CalendlySlices.Infrastructure.Identity;
using Dapper;
using NodaTime;

namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>What personas have booked here when a mock world begins: Rita's three sessions with Ana.</summary>
internal sealed class MockBookings(CalendlyEmulator emulator, BookingStore store, People people, DbDataSource database)
{
    /// <summary>Everything that was booked or tried before is forgotten.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            await connection.ExecuteAsync("DELETE FROM booking; DELETE FROM booking_call");
        }

        var ana = Personas.Find("ana")!;
        var zone = DateTimeZoneProviders.Tzdb[ana.Zone];
        var today = Instant.FromDateTimeOffset(emulator.WorldStart).InZone(zone).Date;
        DateTimeOffset On(int day, int hour) => (today.PlusDays(day) + new LocalTime(hour, 0)).InZoneLeniently(zone).ToDateTimeOffset();
        await AddAsync("later-today", "listing-strategy", "Listing strategy", 45, emulator.WorldStart.AddHours(1.5), cancellationToken);
        await AddAsync("long-name", "deep-dive", "Deep-dive coaching", 60, On(2, 10), cancellationToken);
        await AddAsync("next-month", "open-house-workshop", "Open-house workshop", 60, On(28, 16), cancellationToken);
    }

    // Named like the session in the data.
    private async Task AddAsync(string key, string slug, string name, int minutes, DateTimeOffset start, CancellationToken cancellationToken)
    {
        var (ana, rita) = (Personas.Find("ana")!, Personas.Find("rita")!);
        var added = await store.AddAsync(
            new BookingAttempt
            {
                Nonce = $"rita-{key}".PadRight(22, '-'),
                UserId = await people.FindOrAddAsync(rita.UserId, cancellationToken),
                CoachId = await people.FindOrAddAsync(ana.UserId, cancellationToken),
                CoachSlug = "ana-ruiz",
                CoachName = ana.Name,
                CoachZone = ana.Zone,
                EventTypeId = EmulatedIds.EventType(ana.Key, slug),
                EventTypeName = name,
                Minutes = minutes,
                State = BookingState.Booked,
                CreatedAt = default,
                StartsAt = start,
            },
            cancellationToken);
        var (eventUri, invitee) = (CalendlyUri.For("scheduled_events", EmulatedIds.Session(ana.Key, key)), EmulatedIds.Invitee(ana.Key, key, 0));
        await store.SettleAsync(added with
        {
            EndsAt = start.AddMinutes(minutes),
            Name = "Rita Alvarez",
            Email = "rita@slices-realty.example",
            EventUri = eventUri,
            InviteeUri = $"{eventUri}/invitees/{invitee}",
            CancelUrl = $"https://calendly.com/cancellations/{invitee}",
            RescheduleUrl = $"https://calendly.com/reschedulings/{invitee}",
        });
    }
}
