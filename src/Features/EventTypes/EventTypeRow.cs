using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Listings;

namespace CalendlySlices.Features.EventTypes;

/// <summary>One line of the list, with every text made, so that the view only writes.</summary>
/// <param name="Hidden">Not on the coach's public page at Calendly.</param>
/// <param name="Shown">The coach wants our realtors to see it.</param>
/// <param name="IsListed">The coach has agreed to be listed; until then they see nothing.</param>
/// <param name="Link">As Calendly gave it; text only, unless <paramref name="CopyUrl"/> is set.</param>
/// <param name="NoSwitch">Why it cannot be turned on or off here; null when it can.</param>
internal sealed record EventTypeRow(
    string Id,
    string Name,
    string Length,
    string Kind,
    string Color,
    string PlaceIcon,
    string Place,
    string PlaceTitle,
    bool Active,
    bool Hidden,
    bool Shown,
    bool IsListed,
    string Link,
    string? CopyUrl,
    string? NoSwitch)
{
    public string Url { get; } = $"/event-types/{Id}";

    public string FreeTimesUrl { get; } = $"{ReturnPlace.PathOf(ReturnPlace.FreeTimes)}?eventType={Id}";

    /// <summary>What the switch has brought about.</summary>
    public string ShownWords => !Shown ? "Hidden from realtors" : IsListed ? "Shown to realtors" : "Shown to realtors once your card is listed";

    public static EventTypeRow Of(EventType type, ChosenEventTypes chosen)
    {
        var id = CalendlyUri.LastSegment(type.Uri);
        var (place, words, title) = OfferedPlace.InShort(type.Locations);
        return new EventTypeRow(
            id,
            EventTypeWords.NameOf(type),
            EventTypeWords.LengthOf(type),
            EventTypeWords.KindOf(type),
            EventTypeWords.ColorOf(type),
            place.Icon,
            words,
            title,
            type.Active,
            type.Secret,
            chosen.Ids.Contains(id),
            chosen.IsListed,
            type.SchedulingUrl,
            CalendlyUri.PageOrNull(type.SchedulingUrl),
            EventTypeWords.WhyNotSwitched(type));
    }
}

/// <summary>What the rows' view draws: a page of the list, or, after a switch, that row alone.</summary>
/// <param name="MaySwitch">The connection has the permission for it.</param>
internal sealed record EventTypeRows(IReadOnlyList<EventTypeRow> Rows, EventTypeRow? Alone, RowNote? Note, bool MaySwitch);

/// <summary>What has just happened to a row.</summary>
/// <param name="Problem">Said as one; nothing can be undone then.</param>
/// <param name="CanUndo">Turned off just now.</param>
internal sealed record RowNote(string Words, bool Problem, bool CanUndo)
{
    /// <param name="failure">Set when the outcome is not what was asked for.</param>
    public static RowNote? Of(ActivationOutcome outcome, Failure? failure) =>
        failure is not null ? new RowNote(failure.Message, Problem: true, CanUndo: false)
        : outcome.Type.Active ? null
        : new RowNote(outcome.StayBooked is { } booked ? $"Turned off. {booked}." : "Turned off.", Problem: false, CanUndo: true);
}
