using CalendlySlices.Infrastructure.Identity;
using Microsoft.AspNetCore.Mvc;

namespace CalendlySlices.Features.Status;

/// <summary>The state in the header of every page: a word, a shape, and one thing to do.</summary>
internal sealed record Chip(string Kind, string Text, string Href)
{
    public static Chip Of(CalendlyStatus status) => status switch
    {
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
        if (CurrentUser.Of(HttpContext.User) is not { Role: Role.Coach } user)
        {
            return Content(string.Empty);
        }

        var status = await services.GetRequiredService<StatusHandler>().HandleAsync(new StatusQuery(user.Id), HttpContext.RequestAborted);
        return View("/src/Features/Status/_ConnectionChip.cshtml", Chip.Of(status));
    }
}
