using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Features.ScheduledEvents;

internal sealed class ScheduledEventsEndpoint : IFeatureModule
{
    private static readonly SessionFilter Today = SessionFilter.For(SessionsTab.Upcoming, SessionRange.Today);

    public static void AddServices(IServiceCollection services) => services
        .AddScoped<ScheduledEventsHandler>()
        .AddScoped<SessionListHandler>()
        .AddScoped<SessionNamesHandler>()
        .AddScoped<SessionNewsHandler>()
        .AddScoped<SessionHandler>()
        .AddScoped<DayHandler>()
        .AddScoped<EventInvitees>()
        .AddScoped<EventTypeColors>()
        .AddSingleton<ScheduledEventsValidator>()
        .AddSingleton<EventsInputValidator>();

    public static void AddRoutes(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", TodayAsync).For(Access.SignedIn);
        var readers = routes.MapGroup("").For(Access.CoachOrDelegate, SessionWords.Sessions);
        readers.MapGet("/sessions", ListAsync);
        readers.MapGet("/sessions/day", DayAsync);
        readers.MapGet("/sessions/invitees", NamesAsync);
        readers.MapGet("/sessions/news", NewsAsync);
        readers.MapGet("/sessions/{id}", SessionAsync);
        readers.MapGet("/sessions/{id}/row", RowAsync);
        readers.MapGet("/api/calendly/events/scheduled", ScheduledEventsApi.ListAsync).Describe(ScheduledEventsApi.Description);
    }

    private static async Task<IResult> TodayAsync(
        CurrentUser user, ReaderZone zone, string? renew, SessionListHandler handler, HttpContext http, CancellationToken cancellationToken)
    {
        if (!user.SeesCalendar)
        {
            return Hypermedia.Of("ScheduledEvents/_Welcome", user);
        }

        var input = new SessionsInput(Renew: renew);
        var result = await handler.HandleAsync(
            new SessionListQuery(user.ConnectionOwnerId, zone.Zone, Today, input, DayHandler.MaxSessions, HomeUrl: "/"), cancellationToken);
        return Panel(http, "Today", null, result, "/");
    }

    private static async Task<IResult> ListAsync(
        CurrentUser user,
        ReaderZone zone,
        [AsParameters] SessionsInput input,
        ScheduledEventsValidator validator,
        SessionListHandler handler,
        HttpContext http,
        CancellationToken cancellationToken)
    {
        var filter = SessionFilter.Of(input);
        if (validator.Problem(input) is { } problem)
        {
            http.Response.MarkFailure(problem);
            var panel = new SessionsPanel("Sessions", new FilterBar(filter, input, problem), null, Trouble.OfInput(problem, SessionWords.Sessions));
            return View(http, panel, problem.Code.ToStatusCode());
        }

        var count = SessionListHandler.CountFor(input.Shown);
        var result = await handler.HandleAsync(new SessionListQuery(user.ConnectionOwnerId, zone.Zone, filter, input, count), cancellationToken);
        return Panel(http, "Sessions", new FilterBar(filter, input, null), result, filter.Url(input.PageToken));
    }

    private static async Task<IResult> DayAsync(
        CurrentUser user, ReaderZone zone, DayHandler handler, HttpContext http, CancellationToken cancellationToken)
    {
        var result = await handler.HandleAsync(user.ConnectionOwnerId, zone.Zone, cancellationToken);
        return result.Succeeded(out var day, out var failure)
            ? Hypermedia.Of("ScheduledEvents/_Day", day)
            : Failed(http, failure, "ScheduledEvents/_DayTrouble", Trouble.Of(failure, SessionWords.Day, "/sessions/day"));
    }

    private static async Task<IResult> NamesAsync(
        CurrentUser user, ReaderZone zone, string? ids, string? at, SessionNamesHandler handler, CancellationToken cancellationToken) =>
        Hypermedia.Of("ScheduledEvents/_Names", await handler.HandleAsync(new SessionNamesQuery(user.ConnectionOwnerId, zone.Zone, ids, at), cancellationToken));

    private static async Task<IResult> NewsAsync(
        CurrentUser user,
        ReaderZone zone,
        string? ids,
        string? home,
        [AsParameters] SessionsInput input,
        ScheduledEventsValidator validator,
        SessionNewsHandler handler,
        CancellationToken cancellationToken)
    {
        if (validator.Problem(input) is not null)
        {
            return Results.NoContent();
        }

        var list = home == "1"
            ? new SessionListQuery(user.ConnectionOwnerId, zone.Zone, Today, new SessionsInput(), DayHandler.MaxSessions, HomeUrl: "/")
            : new SessionListQuery(user.ConnectionOwnerId, zone.Zone, SessionFilter.Of(input), input, SessionListHandler.CountFor(input.Shown));
        return (await handler.HandleAsync(new SessionNewsQuery(list, ids), cancellationToken)).Succeeded(out var news, out _)
            ? Hypermedia.Of("ScheduledEvents/_News", news)
            : Results.NoContent();
    }

    private static async Task<IResult> SessionAsync(
        string id, CurrentUser user, ReaderZone zone, SessionHandler handler, HttpContext http, CancellationToken cancellationToken)
    {
        Result<SessionDetail> result = CalendlyUri.IsWellFormedId(id)
            ? await handler.HandleAsync(new SessionQuery(user.ConnectionOwnerId, zone.Zone, id), cancellationToken)
            : new Failure(FailureCode.ValidationFailed);
        return result.Succeeded(out var session, out var failure)
            ? Hypermedia.Of("ScheduledEvents/_Session", session)
            : TroublePanel.Of(http, failure, SessionWords.Session, $"/sessions/{id}");
    }

    private static async Task<IResult> RowAsync(
        string id, int? check, string? live, CurrentUser user, ReaderZone zone, SessionHandler handler, HttpContext http, CancellationToken cancellationToken)
    {
        var looks = Math.Clamp(check ?? 0, 0, SessionRows.MaxChecks + 1);
        Result<SessionRows> result = CalendlyUri.IsWellFormedId(id)
            ? await handler.ReadRowAsync(new SessionQuery(user.ConnectionOwnerId, zone.Zone, id), looks, cancellationToken)
            : new Failure(FailureCode.ValidationFailed);
        return result.Succeeded(out var row, out var failure)
            ? Hypermedia.Of("ScheduledEvents/_SessionRows", row)
            // The page asks by itself, and what it has is better than this.
            : live == "1" ? Results.NoContent()
            : TroublePanel.Of(http, failure, SessionWords.Session, $"/sessions/{id}");
    }

    private static Hypermedia<SessionsPanel> Panel(HttpContext http, string title, FilterBar? filters, Result<SessionList> result, string retryUrl)
    {
        if (result.Succeeded(out var list, out var failure))
        {
            return View(http, new SessionsPanel(title, filters, list, null), StatusCodes.Status200OK);
        }

        http.Response.MarkFailure(failure);
        return View(http, new SessionsPanel(title, filters, null, Trouble.Of(failure, SessionWords.Sessions, retryUrl)), failure.Code.ToStatusCode());
    }

    // A browser gets the panel beside the day's timeline; htmx replaces the panel alone.
    private static Hypermedia<SessionsPanel> View(HttpContext http, SessionsPanel panel, int statusCode) =>
        Hypermedia.Of(http.Request.IsHtmx() ? "ScheduledEvents/_Sessions" : "ScheduledEvents/_SessionsPage", panel, statusCode);

    private static Hypermedia<TModel> Failed<TModel>(HttpContext http, Failure failure, string view, TModel model)
    {
        http.Response.MarkFailure(failure);
        return Hypermedia.Of(view, model, failure.Code.ToStatusCode());
    }
}
