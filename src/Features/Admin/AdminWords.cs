using System.Globalization;
using CalendlySlices.Infrastructure.Tokens;
using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Features.Admin;

/// <summary>What the words in the database mean to a reader.</summary>
internal static class AdminWords
{
    public static readonly PanelWords Panel = new("This connection", string.Empty, string.Empty, "There is no such connection.", "That is not a connection.", "/admin", "Admin");

    /// <summary>In the order of the tabs; the empty one stands for all.</summary>
    public static readonly IReadOnlyList<string> States = [string.Empty, "connected", "degraded", "needs_reconnect", "taken_over", "disconnected"];

    public static string OfState(string state) => state switch
    {
        "connected" => "Connected",
        "degraded" => "Ending",
        "needs_reconnect" => "Reconnect needed",
        "taken_over" => "Being taken over",
        "disconnected" => "Disconnected",
        _ => state,
    };

    /// <summary>The class of a state's sign.</summary>
    public static string LookOf(string state) => state switch
    {
        "connected" => "on",
        "degraded" or "needs_reconnect" => "warn",
        _ => "off",
    };

    public static string? OfReason(string? reason) => reason switch
    {
        "revoked" => "Calendly has ended our access",
        "refresh_lost" => "A renewal was lost on the way",
        "rejected_after_refresh" => "Calendly refuses even new access",
        "account_in_use" => "The account is another person's",
        _ => reason,
    };

    public static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>How many pairs Calendly has yet to end.</summary>
    public static string Waiting(long pairs) => pairs == 1 ? "1 pair waits for Calendly to end it" : $"{Count(pairs)} pairs wait for Calendly to end them";

    public static string OfEvent(string kind) => kind switch
    {
        TokenEventKind.Connected => "Connected",
        TokenEventKind.Switched => "Switched to another account",
        TokenEventKind.Refreshed => "Access renewed",
        TokenEventKind.Disconnected => "Disconnected",
        TokenEventKind.Degraded => "Calendly will renew no more",
        TokenEventKind.NeedsReconnect => "Has to reconnect",
        TokenEventKind.Restored => "Believed good again",
        TokenEventKind.TakenOver => "Taken over from the earlier application",
        TokenEventKind.Orphaned => "A grant that nobody holds is being revoked",
        TokenEventKind.Revoked => "Calendly has confirmed the end",
        TokenEventKind.RevocationGivenUp => "Calendly has not confirmed the end for a day",
        TokenEventKind.Purged => "The pair in quarantine was deleted",
        TokenEventKind.Refused => "Calendly called the access dead",
        TokenEventKind.KeyRotated => "Everything is under the new key",
        TokenEventKind.Operated => "An operator has used a command",
        _ => kind,
    };
}
