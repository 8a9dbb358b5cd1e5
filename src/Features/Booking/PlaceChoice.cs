using System.Globalization;
using CalendlySlices.Infrastructure.Bookings;
using CalendlySlices.Infrastructure.Calendly.Models;

namespace CalendlySlices.Features.Booking;

/// <summary>One of the places that an event type offers.</summary>
/// <param name="Ask">What whoever books has to say with it; null when nothing.</param>
internal sealed record PlaceChoice(int Number, LocationConfiguration Location, string Words, string? Ask)
{
    public string Field => string.Create(CultureInfo.InvariantCulture, $"place{Number}");

    /// <summary>None where Calendly takes none: without places, and where it chooses the host itself.</summary>
    public static IReadOnlyList<PlaceChoice> Of(EventType type) =>
        type.PoolingType == "round_robin" ? [] : [.. (type.Locations ?? []).Select((location, number) => Of(location, number))];

    /// <param name="typed">What was said with it.</param>
    public InviteeLocation ToRequest(string typed) => new(
        Location.Kind,
        Location.Kind switch
        {
            "physical" or "custom" => Location.Location,
            "outbound_call" or "ask_invitee" => typed,
            _ => null,
        });

    private static PlaceChoice Of(LocationConfiguration location, int number) => location.Kind switch
    {
        "outbound_call" => new(number, location, "The coach calls you", "Your phone number"),
        "inbound_call" => new(number, location, location.PhoneNumber is { Length: > 0 } phone ? $"You call {phone}" : "You call the coach", null),
        "ask_invitee" => new(number, location, "A place that you name", "Where"),
        _ => new(number, location, BookingPlace.Provider(location.Kind) ?? (string.IsNullOrWhiteSpace(location.Location) ? "Another place" : location.Location), null),
    };
}
