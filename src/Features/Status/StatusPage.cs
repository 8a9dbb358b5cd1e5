using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Tokens;

namespace CalendlySlices.Features.Status;

/// <summary>The health page.</summary>
/// <param name="Coach">Set for somebody who looks on a coach's behalf, and can neither check nor connect.</param>
/// <param name="IsChecking">Calendly is being asked; the rows and the head fetch themselves as that is done.</param>
/// <param name="Refused">Why a check was not started.</param>
/// <param name="JustChecked">The head is the end of a check and says so.</param>
internal sealed record StatusPage(StatusFacts Facts, WatchedCoach? Coach, bool IsChecking = false, Failure? Refused = null, bool JustChecked = false)
{
    public IReadOnlyList<StatusRow> Rows { get; } =
        [.. StatusRows.All(Facts).Select(row => row with { IsChecking = IsChecking && row.Key != StatusRows.LiveUpdates, CanTurnOn = row.CanTurnOn && Coach is null })];

    public StatusSummary Summary => StatusSummary.Of(Facts, Rows);

    /// <summary>What is said aloud when the head appears; null for a page that was simply opened.</summary>
    public string? Announcement => IsChecking ? "Checking everything…" : JustChecked ? $"Checked. {Summary.Title}." : null;

    /// <summary>Set while our own pause between two checks runs.</summary>
    public DateTimeOffset? CheckAgainAt =>
        Refused is { Code: FailureCode.RateLimited, RetryAfter: { } wait } && Facts.SlowedUntil is null ? Facts.Now + wait : null;
}

/// <summary>All rows in one sentence, and the one thing to do.</summary>
/// <param name="Tone"><c>ok</c>, <c>info</c>, <c>warn</c> or <c>bad</c>.</param>
/// <param name="Text">Whose fault it is, what still works and what to do.</param>
/// <param name="CanCheck">False where asking Calendly could find out nothing.</param>
internal sealed record StatusSummary(string Tone, string Title, string Text, bool CanCheck = true)
{
    public (string Href, string Words)? Action { get; init; }

    /// <summary>Offers to ask Calendly again right here.</summary>
    public bool OffersRetry { get; init; }

    /// <summary>Counted down to after the title.</summary>
    public DateTimeOffset? Until { get; init; }

    public static StatusSummary Of(StatusFacts facts, IReadOnlyList<StatusRow> rows) => facts switch
    {
        { Connection: null } => new(
            "info", "Calendly is not connected", "Nothing is broken. Sessions, event types and free times appear as soon as you connect.", CanCheck: false)
        {
            Action = ("/connection", "Connect Calendly"),
        },
        { Connection.Status: ConnectionStatus.NeedsReconnect } => new(
            "bad",
            "Calendly has ended our access",
            "That was decided at Calendly, not by anything you did here. Your bookings go on there as usual, but they cannot be shown or changed here. Reconnect; nothing here is lost.",
            CanCheck: false)
        {
            Action = ("/connection", "Reconnect"),
        },
        { Connection: { Status: ConnectionStatus.Degraded } connection } => new(
            "warn",
            $"Everything works until {StatusWords.Until(connection.ExpiresAt, facts.Now, facts.Zone)}",
            "Calendly has ended our access and will not renew it. Reconnect before then; nothing here is lost.")
        {
            Action = ("/connection", "Reconnect"),
        },
        { Status.TroubleSince: { } since } => new(
            "bad",
            "Calendly is down",
            $"It has not answered us properly since {StatusWords.Until(since, facts.Now, facts.Zone)}. Nothing is wrong with your account. Lists read within the last day still show, with their age; canceling and free times have to wait.")
        {
            OffersRetry = true,
        },
        { SlowedUntil: { } until } => new(
            "warn",
            "Slowed down",
            "Calendly asks us to wait, because there were too many calls for your account within a minute. Nothing is lost: what was read before still shows, and you have nothing to do.",
            CanCheck: false)
        {
            Until = until,
        },
        _ => OfRows(facts, rows),
    };

    private static StatusSummary OfRows(StatusFacts facts, IReadOnlyList<StatusRow> rows)
    {
        var wanting = rows.Where(row => row.Verdict is Verdict.Attention or Verdict.Bad).ToList();
        var bad = wanting.Exists(row => row.Verdict == Verdict.Bad);
        return facts.Status switch
        {
            { State: "limited" } => new("warn", "Connected, with limits", facts.Status.MissingScopes.Contains("scheduled_events:write")
                ? "Your connection does not allow canceling sessions. Everything else works. Reconnect and allow it."
                : "Your connection leaves some permissions out; what they are for is below. Everything else works.")
            {
                Action = ("/connection", "Reconnect with more permissions"),
            },
            _ when wanting.Count > 0 => new(
                bad ? "bad" : "warn",
                wanting.Count == 1 ? $"Look at: {wanting[0].Name.ToLowerInvariant()}" : $"{wanting.Count} things to look at",
                "The connection itself works. What is the matter, and what to do, stands in the row."),
            _ => new("ok", "All good", "Calendly is connected, and nothing needs you."),
        };
    }
}
