namespace CalendlySlices.Infrastructure.Calendly.Emulator.Widget;

/// <summary>The event type that the address of a booking page names: by its host and slug, or by a link.</summary>
internal sealed record WidgetTarget(string? Owner, string? Code, string Slug)
{
    public string Path => Code is null ? $"{WidgetRoutes.Prefix}/{Owner}/{Slug}" : $"{WidgetRoutes.Prefix}/d/{Code}/{Slug}";

    /// <summary>The type, and the link where one led here; or the page that says why there is none.</summary>
    public (EmulatedEventType? Type, EmulatedLink? Link, WidgetPage? Refusal) Find(CalendlyWorld world, DateTimeOffset now)
    {
        EmulatedLink? link = null;
        if (Code is not null && world.TryGetLink(Code, out link) && !link.IsGood(now))
        {
            return (null, null, WidgetPage.Note("gone", "This link has been used, or is too old", "Ask whoever sent it for another one.") with { Status = StatusCodes.Status410Gone });
        }

        var type = world.EventTypes.FirstOrDefault(one => one.DeletedAt is null && one.Slug == Slug && IsNamed(one, link));
        return type switch
        {
            null => (null, null, WidgetPage.Note("missing", "This page is not there", "The address may be mistyped, or what it was for is gone.") with { Status = StatusCodes.Status404NotFound }),
            { Active: false } => (null, null, WidgetPage.Note("off", "This calendar is not available now", "Ask the host what to do.")),
            _ => (type, link, null),
        };
    }

    private bool IsNamed(EmulatedEventType type, EmulatedLink? link) =>
        Code is null ? type.Owner.Key == Owner && !type.IsOneOff
        : link is not null ? type.Id == link.EventTypeId
        : type.IsOneOff && EmulatedIds.Link(type.Id, 0) == Code;
}
