using CalendlySlices.Infrastructure.Calendly.Emulator;

namespace CalendlySlices.Tests.Support;

/// <summary>What others do at Calendly.</summary>
internal static class AtCalendly
{
    /// <summary>Somebody books Ana's discovery calls, at the first free times from this hour of tomorrow on.</summary>
    /// <returns>The ids of the sessions, soonest first.</returns>
    public static IReadOnlyList<string> Book(this CalendlyEmulator emulator, int count) => emulator.At((desk, now) =>
    {
        var type = desk.World.EventTypes.First(type => type.Owner.Key == "ana" && type.Slug == "discovery-call");
        var request = new BookingRequest("Nadia Petrova", "nadia@petrova.example", null) { Tracking = EmulatedTracking.None };
        return Enumerable.Range(0, 60 * 48)
            .Select(half => desk.Book(type, now.AddHours(24).AddMinutes(30 * half), request, now))
            .OfType<EmulatedInvitee>()
            .Take(count)
            .Select(invitee => invitee.EventUri[(invitee.EventUri.LastIndexOf('/') + 1)..])
            .ToList();
    });
}
