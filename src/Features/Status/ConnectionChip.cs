using CalendlySlices.Infrastructure.Identity;
using Microsoft.AspNetCore.Mvc;

namespace CalendlySlices.Features.Status;

/// <summary>The state in the header of every page: a word, a shape, and one thing to do.</summary>
/// <param name="Until">Counted down to after the text; null where nothing has to be waited for.</param>
internal sealed record Chip(string Kind, string Text, string Href, (string Words, DateTimeOffset At)? Until = null)
{
    /// <summary>What is seen where the text has no room; the text is still what is read out.</summary>
    public string Short { get => field ?? Text; init; }

    public static readonly Chip Checking = new("busy", "Checking…", "/status");

    public static Chip Of(CalendlyStatus status, CurrentUser user, bool isChecking, DateTimeOffset now) => status switch
    {
        _ when isChecking => Checking,

        // Nothing that a delegate could do about it.
        { State: "notConnected" or "reconnectNeeded" } when user.Coach is not null => new("off", "Not connected", "/status") { Short = "No access" },
        { State: "limited" } when user.Coach is not null => new("ok", "Calendly", "/status"),
        { State: "notConnected" } => new("off", "Connect Calendly", "/connection") { Short = "Connect" },
        { State: "reconnectNeeded" } => new("bad", "Reconnect", "/connection"),
        { State: "unreachable" } => new("down", "Calendly is down", "/status") { Short = "Down" },
        { State: "slowedDown", SlowedForSeconds: { } seconds } => new("warn", "Slowed down, ", "/status", ($"{seconds} s", now.AddSeconds(seconds))) { Short = "Slowed" },
        { State: "limited" } when status.MissingScopes.Contains("scheduled_events:write") => new("warn", "Limited: cannot cancel", "/connection") { Short = "Limited" },
        { State: "limited" } => new("warn", "Limited", "/connection"),
        _ => new("ok", "Calendly", "/status"),
    };
}

/// <summary>Draws the chip for whoever is signed in.</summary>
public sealed class ConnectionChip(IServiceProvider services) : ViewComponent
{
    private const string Fragment = "/src/Features/Status/_ConnectionChip.cshtml";

    public async Task<IViewComponentResult> InvokeAsync()
    {
        if (CurrentUser.Of(HttpContext.User) is not { } user || StatusQuery.Of(user) is not { OwnerId: not null } query)
        {
            return Content(string.Empty);
        }

        // The page on which a new connection is looked at; it lets the chip be drawn again when it knows.
        if (HttpContext.Request.Path.StartsWithSegments("/connection/made"))
        {
            return View(Fragment, Chip.Checking);
        }

        var status = await services.GetRequiredService<StatusHandler>().HandleAsync(query, HttpContext.RequestAborted);
        var isChecking = services.GetRequiredService<StatusChecks>().IsRunning(query.OwnerId);
        return View(Fragment, Chip.Of(status, user, isChecking, services.GetRequiredService<TimeProvider>().GetUtcNow()));
    }
}
