using CalendlySlices.Infrastructure.Identity;
using Microsoft.AspNetCore.Mvc;

namespace CalendlySlices.Features.Status;

/// <summary>The state in the header of every page: a word, a shape, and one thing to do.</summary>
internal sealed record Chip(string Kind, string Text, string Href)
{
    public static Chip Of(CalendlyStatus status, CurrentUser user) => status switch
    {
        // Nothing that a delegate could do about it.
        { State: "notConnected" or "reconnectNeeded" } when user.Coach is not null => new("off", "Not connected", "/status"),
        { State: "limited" } when user.Coach is not null => new("ok", "Calendly", "/status"),
        { State: "notConnected" } => new("off", "Connect Calendly", "/connection"),
        { State: "reconnectNeeded" } => new("bad", "Reconnect", "/connection"),
        { State: "unreachable" } => new("down", "Calendly is down", "/status"),
        { State: "slowedDown" } => new("warn", $"Slowed down, {status.SlowedForSeconds} s", "/status"),
        { State: "limited" } when status.MissingScopes.Contains("scheduled_events:write") => new("warn", "Limited: cannot cancel", "/connection"),
        { State: "limited" } => new("warn", "Limited", "/connection"),
        _ => new("ok", "Calendly", "/status"),
    };
}

/// <summary>Draws the chip for whoever is signed in.</summary>
public sealed class ConnectionChip(IServiceProvider services) : ViewComponent
{
    public async Task<IViewComponentResult> InvokeAsync()
    {
        if (CurrentUser.Of(HttpContext.User) is not { SeesCalendar: true } user)
        {
            return Content(string.Empty);
        }

        var status = await services.GetRequiredService<StatusHandler>().HandleAsync(new StatusQuery(user.ConnectionOwnerId), HttpContext.RequestAborted);
        return View("/src/Features/Status/_ConnectionChip.cshtml", Chip.Of(status, user));
    }
}
