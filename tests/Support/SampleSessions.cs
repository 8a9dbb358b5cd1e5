using CalendlySlices.Infrastructure.Calendly.Models;

namespace CalendlySlices.Tests.Support;

/// <summary>Sessions and people of Ana's, with everything that a test does not care about filled in.</summary>
internal static class SampleSessions
{
    public const string TypeUri = "https://api.calendly.com/event_types/T1";

    public static ScheduledEvent Session(
        string id, DateTimeOffset start, int minutes = 30, string name = "Intro call", string host = StubConnections.AnaUri) => new(
        $"https://api.calendly.com/scheduled_events/{id}",
        name,
        null,
        null,
        "active",
        start,
        start.AddMinutes(minutes),
        TypeUri,
        new EventLocation("zoom", null, null, "pushed", "https://zoom.example/j/1", null),
        new InviteesCounter(1, 1, 1),
        start.AddDays(-7),
        start.AddDays(-7),
        [new EventMembership(host, null, "Ana Ruiz", null, null)],
        [],
        null,
        null);

    public static ScheduledEvent Canceled(this ScheduledEvent session, string by, string type, DateTimeOffset? at = null) =>
        session with { Status = "canceled", Cancellation = new Cancellation(by, null, type, at) };

    public static Invitee Person(string name, string? zone = null, string eventId = "1") => new(
        $"https://api.calendly.com/scheduled_events/{eventId}/invitees/I",
        "someone@example.com",
        null,
        null,
        name,
        "active",
        [],
        zone,
        $"https://api.calendly.com/scheduled_events/{eventId}",
        DateTimeOffset.UnixEpoch,
        DateTimeOffset.UnixEpoch,
        new Tracking(null, null, null, null, null, null),
        null,
        false,
        null,
        null,
        "https://calendly.com/cancellations/I",
        "https://calendly.com/reschedulings/I",
        null,
        null,
        null,
        null,
        null,
        null,
        null);

    public static EventType Type(string color) => new(
        TypeUri, "Intro call", true, "intro", "https://calendly.com/ana/intro", 30, null, "solo", null, "StandardEventType", color,
        DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, null, false, null, null, null, false, "instant", [], null, false, null, 0, "en", null, null, null);
}
