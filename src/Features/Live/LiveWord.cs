using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Tokens;
using Microsoft.AspNetCore.Mvc;

namespace CalendlySlices.Features.Live;

/// <summary>How we hear of changes at Calendly; what the page itself hears, only the page knows.</summary>
internal enum Hearing
{
    /// <summary>Nothing can be heard: there is no connection that works.</summary>
    Off,

    /// <summary>Calendly does not tell us, so we ask.</summary>
    Asking,

    Told,
}

/// <summary>The word beside the connection's chip: whether what is on the page follows Calendly.</summary>
public sealed class LiveWord(IServiceProvider services) : ViewComponent
{
    private const string Fragment = "/src/Features/Live/_LiveWord.cshtml";

    public async Task<IViewComponentResult> InvokeAsync() =>
        CurrentUser.Of(HttpContext.User) is { SeesCalendar: true } user
            ? View(Fragment, await FindAsync(services, user, HttpContext.RequestAborted))
            : Content(string.Empty);

    internal static async Task<Hearing> FindAsync(IServiceProvider services, CurrentUser user, CancellationToken cancellationToken)
    {
        var connection = await services.GetRequiredService<IConnections>().FindAsync(user.ConnectionOwnerId, cancellationToken);
        return !connection.IsUsable("scheduled_events:read", out _) ? Hearing.Off
            : (await services.GetRequiredService<ILiveUpdates>().FindAsync(user.ConnectionOwnerId, cancellationToken)).State == LiveUpdateState.On ? Hearing.Told
            : Hearing.Asking;
    }
}
