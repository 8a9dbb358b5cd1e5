using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Features.EventTypes;

internal sealed class EventTypesEndpoint : IFeatureModule
{
    public static void AddServices(IServiceCollection services) => services
        .AddScoped<OwnEventType>()
        .AddScoped<EventTypesHandler>()
        .AddScoped<EventTypePagesHandler>()
        .AddScoped<EventTypeHandler>()
        .AddScoped<BookabilityHandler>()
        .AddScoped<ActivationHandler>()
        .AddScoped<ListingHandler>()
        .AddScoped<LinksHandler>()
        .AddSingleton<SingleUseLinks>()
        .AddSingleton<EventTypesValidator>()
        .AddSingleton<EventTypePagesValidator>();

    public static void AddRoutes(IEndpointRouteBuilder routes)
    {
        var readers = routes.MapGroup("").For(Access.CoachOrDelegate, EventTypeWords.EventTypes);
        readers.MapGet("/event-types", ListAsync);
        readers.MapGet("/event-types/{id}", EventTypeAsync);
        readers.MapGet("/event-types/{id}/bookability", BookabilityAsync);
        readers.MapGet("/api/calendly/events/types", EventTypesApi.ListAsync).Describe(EventTypesApi.Description);

        // A single-use link books a session, so the list of them is the coach's as well.
        var coaches = routes.MapGroup("").For(Access.Coach, EventTypeWords.EventTypes);
        coaches.MapGet("/event-types/{id}/links", LinksAsync);
        coaches.MapPost("/event-types/{id}/links", EventTypeWrites.MakeLinkAsync);
        coaches.MapPost("/event-types/{id}/links/removal", EventTypeWrites.RemoveLinkAsync);
        coaches.MapPost("/event-types/{id}/activation", EventTypeWrites.ActivateAsync);
        coaches.MapPost("/event-types/{id}/listing", EventTypeWrites.ListAsync);
    }

    private static async Task<IResult> ListAsync(
        CurrentUser user,
        ReaderZone zone,
        [AsParameters] EventTypesInput input,
        EventTypesValidator validator,
        EventTypesHandler handler,
        HttpContext http,
        CancellationToken cancellationToken)
    {
        if (validator.Problem(input) is { } problem)
        {
            return View(http, new EventTypesPanel(EventTypesFilter.Default, input, null, Trouble.OfInput(problem, EventTypeWords.EventTypes)), problem);
        }

        var filter = EventTypesFilter.Of(input);
        if (http.Request.Headers["HX-Source"] == "form#types-search")
        {
            // Each letter typed would otherwise be a step on the way back.
            http.Response.Headers["HX-Replace-Url"] = filter.Url();
        }

        var result = await handler.HandleAsync(new TypeListQuery(user.ConnectionOwnerId, zone.Zone, filter, input), cancellationToken);
        return result.Succeeded(out var list, out var failure)
            ? View(http, new EventTypesPanel(filter, input, list, null), null)
            : View(http, new EventTypesPanel(filter, input, null, Trouble.Of(failure, EventTypeWords.EventTypes, filter.Url(input.PageToken))), failure);
    }

    private static async Task<IResult> EventTypeAsync(
        string id, CurrentUser user, ReaderZone zone, EventTypeHandler handler, HttpContext http, CancellationToken cancellationToken) =>
        (await handler.HandleAsync(new EventTypeQuery(user.ConnectionOwnerId, zone.Zone, id), cancellationToken)).Succeeded(out var type, out var failure)
            ? Hypermedia.Of("EventTypes/_EventType", type)
            : TroublePanel.Of(http, failure, EventTypeWords.EventType, $"/event-types/{id}");

    private static async Task<IResult> BookabilityAsync(
        string id, CurrentUser user, ReaderZone zone, BookabilityHandler handler, HttpContext http, CancellationToken cancellationToken) =>
        (await handler.HandleAsync(new BookabilityQuery(user.ConnectionOwnerId, zone.Zone, id), cancellationToken)).Succeeded(out var words, out var failure)
            ? Hypermedia.Of("EventTypes/_Bookability", words)
            : TroublePanel.Of(http, failure, EventTypeWords.EventType, $"/event-types/{id}");

    private static async Task<IResult> LinksAsync(
        string id, CurrentUser user, ReaderZone zone, LinksHandler handler, HttpContext http, CancellationToken cancellationToken) =>
        (await handler.ReadAsync(new LinksQuery(user.ConnectionOwnerId, zone.Zone, id), cancellationToken)).Succeeded(out var links, out var failure)
            ? Hypermedia.Of(http.Request.IsHtmx() ? "EventTypes/_Links" : "EventTypes/_LinksPage", links)
            : TroublePanel.Of(http, failure, EventTypeWords.EventType, $"/event-types/{id}/links");

    // A browser gets the panel below the search; htmx replaces the panel alone, so that nothing is lost while typing.
    private static Hypermedia<EventTypesPanel> View(HttpContext http, EventTypesPanel panel, Failure? failure)
    {
        if (failure is not null)
        {
            http.Response.MarkFailure(failure);
        }

        var view = http.Request.IsHtmx() ? "EventTypes/_EventTypes" : "EventTypes/_EventTypesPage";
        return Hypermedia.Of(view, panel, failure?.Code.ToStatusCode() ?? StatusCodes.Status200OK);
    }
}
