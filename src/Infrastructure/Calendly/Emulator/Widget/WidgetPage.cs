namespace CalendlySlices.Infrastructure.Calendly.Emulator.Widget;

/// <summary>One page of the stand-in, before it becomes HTML.</summary>
/// <param name="Step">What it is for, as tests tell pages apart: <c>times</c>.</param>
/// <param name="View">Which of the views shows <paramref name="Content"/>.</param>
internal sealed record WidgetPage(string Step, string Title, string View, object Content)
{
    public int Status { get; init; } = StatusCodes.Status200OK;

    /// <summary>What the page around it is told, in this order, beside the height.</summary>
    public IReadOnlyList<WidgetMessage> Messages { get; init; } = [];

    public static WidgetPage Note(string step, string heading, params ReadOnlySpan<string> lines) =>
        new(step, heading, "_WidgetNote", new WidgetNote(heading, [.. lines], []));
}

/// <summary>Source of names and shapes: https://developer.calendly.com/api-docs/overview/embedding/notifying-the-parent-window</summary>
internal sealed record WidgetMessage(string Event, object Payload)
{
    public static readonly WidgetMessage ProfileViewed = new("calendly.profile_page_viewed", new { });
    public static readonly WidgetMessage EventTypeViewed = new("calendly.event_type_viewed", new { });
    public static readonly WidgetMessage TimeSelected = new("calendly.date_and_time_selected", new { });

    public static WidgetMessage Scheduled(string session, string invitee) =>
        new("calendly.event_scheduled", new { @event = new { uri = session }, invitee = new { uri = invitee } });

    /// <summary>Names nobody's session, in every other respect like a true one.</summary>
    public static WidgetMessage ScheduledNothing(string name)
    {
        var (session, invitee) = EmulatedIds.Nobody(name);
        var uri = CalendlyUri.For("scheduled_events", session);
        return Scheduled(uri, $"{uri}/invitees/{invitee}");
    }
}

internal sealed record WidgetLink(string Address, string Words);

internal sealed record WidgetNote(string Heading, IReadOnlyList<string> Lines, IReadOnlyList<WidgetLink> Links);

internal sealed record WidgetProfile(string Name, IReadOnlyList<WidgetLink> Types);

/// <param name="What">The event type, or the session that is to be moved.</param>
internal sealed record WidgetTimes(string Heading, string What, string Zone, IReadOnlyList<WidgetDay> Days, WidgetLink? Earlier, WidgetLink? Later);

internal sealed record WidgetDay(string Words, IReadOnlyList<WidgetTime> Times);

/// <param name="Start">As <c>2026-03-03T16:00:00Z</c>.</param>
internal sealed record WidgetTime(string Address, string Clock, string Start);

/// <param name="Action">Where the form is posted.</param>
/// <param name="GuessesZone">The invitee's zone is not known; a browser knows it.</param>
internal sealed record WidgetDetails(EmulatedEventType Type, string When, string Action, WidgetLink Back, WidgetForm Form, bool GuessesZone)
{
    public IReadOnlyList<PlaceOnOffer> Places => Type.Pooling == "round_robin" ? [] : PlaceOnOffer.Of(Type);
}

/// <param name="Field">Its name in the form.</param>
internal sealed record WidgetQuestion(EmulatedQuestion Asked, string Field, IReadOnlyList<string> Answers, string? Problem)
{
    public string Words => Asked.Required ? $"{Asked.Name} *" : Asked.Name;

    public static WidgetQuestion Of(WidgetDetails details, int position)
    {
        var field = WidgetForm.Question(position);
        return new(details.Type.Questions[position], field, details.Form.Answers[position], details.Form.Problems.GetValueOrDefault(field));
    }
}

/// <summary>The last question before a session is canceled or moved.</summary>
internal sealed record WidgetChange(string Heading, IReadOnlyList<string> Lines, string Action, string Button);
