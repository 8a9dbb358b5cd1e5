using CalendlySlices.Infrastructure.Calendly;

namespace CalendlySlices.Features.Status;

/// <summary>What is said about live updates: whose fault it is that there are none, what works instead, and what to do.</summary>
internal static class LiveUpdateWords
{
    /// <summary>Whose fault it is; null when all is well.</summary>
    public static string? Why(LiveUpdates live, StatusFacts facts) => live switch
    {
        { State: LiveUpdateState.On, FailingSince: { } since } =>
            $"Calendly has had trouble reaching us since {StatusWords.Until(since, facts.Now, facts.Zone)} and keeps trying. The fault is our server's; nothing is lost, it only comes late.",
        { Why: LiveUpdateReason.AccessEnded } => "Calendly has ended our access. Reconnect to turn them on.",
        { Why: LiveUpdateReason.NoAddress } => "Calendly has no address at which it could reach this application. That is for whoever looks after it, not for you.",
        { Why: LiveUpdateReason.ScopeMissing } => "The permission was left out, or you connected before it was asked for. Reconnect and allow it.",
        { Why: LiveUpdateReason.NotAllowed } => "Calendly says that your plan or your role there does not allow them.",
        { Why: LiveUpdateReason.Rejected } => "Calendly does not take our address. The fault is our server's, not yours.",
        { Why: LiveUpdateReason.NotYet } => "They are being turned on; Calendly has not answered yet.",
        { Why: LiveUpdateReason.Disabled } => "Calendly stopped sending, because it could not reach us for a day. The fault is our server's, not yours.",
        { Why: LiveUpdateReason.Gone } => "Calendly stopped sending.",
        { Why: LiveUpdateReason.Moved } => "Our address has changed, and Calendly still sends to the old one.",
        _ => null,
    };

    /// <summary>What works meanwhile.</summary>
    public static string? Instead(LiveUpdates live) => live switch
    {
        { Why: LiveUpdateReason.NotConnected } => null,
        { Every: { TotalMinutes: var minutes } } => $"We check every {minutes:0} minutes instead, while a page is open.",
        _ => "A page is as new as its last reload.",
    };

    /// <summary>True where asking Calendly again could help.</summary>
    public static bool CanTurnOn(LiveUpdates live) => live.Why
        is LiveUpdateReason.Disabled or LiveUpdateReason.Gone or LiveUpdateReason.Moved or LiveUpdateReason.NotAllowed or LiveUpdateReason.Rejected or LiveUpdateReason.NotYet;

    /// <summary>Where to turn when it is not enough to ask.</summary>
    public static (string Href, string Words)? Link(LiveUpdates live) => live.Why switch
    {
        LiveUpdateReason.ScopeMissing => ("/connection", "Reconnect and allow live updates"),
        LiveUpdateReason.AccessEnded => ("/connection", "Reconnect"),
        _ => null,
    };

    /// <summary>Those that there are, as one text; null when there are none.</summary>
    public static string? Sentences(params string?[] sentences) =>
        string.Join(' ', sentences.Where(sentence => !string.IsNullOrEmpty(sentence))) is { Length: > 0 } text ? text : null;
}
