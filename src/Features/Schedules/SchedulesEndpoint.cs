using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Features.Schedules;

internal sealed class SchedulesEndpoint : IFeatureModule
{
    public static void AddServices(IServiceCollection services) => services
        .AddScoped<SchedulesHandler>()
        .AddScoped<WeekHandler>()
        .AddScoped<BusyTimes>()
        .AddScoped<UsedByHandler>()
        .AddScoped<HoursHandler>()
        .AddScoped<SaveHoursHandler>()
        .AddScoped<EditHours>()
        .AddScoped<SaveHours>()
        .AddSingleton<HoursAnswers>()
        .AddSingleton<SchedulesValidator>()
        .AddSingleton<SchedulesApiValidator>()
        .AddSingleton<HoursValidator>();

    public static void AddRoutes(IEndpointRouteBuilder routes)
    {
        var readers = routes.MapGroup("").For(Access.CoachOrDelegate, ScheduleWords.Schedules);
        readers.MapGet("/schedules", PageAsync);
        readers.MapGet("/schedules/{id}/event-types", UsedByAsync);
        readers.MapGet("/schedules/event-types", OwnHoursAsync);
        readers.MapGet("/api/calendly/availability/schedules", SchedulesApi.ListAsync).Describe(SchedulesApi.Description);

        var coaches = routes.MapGroup("").For(Access.Coach, ScheduleWords.Schedules);
        coaches.MapGet("/schedules/{id}/hours", (string id, EditHours edit, CurrentUser user, HttpContext http, CancellationToken cancellation) =>
            edit.FormAsync(new HoursTarget(false, id), user, http, cancellation));
        coaches.MapPost("/schedules/{id}/hours", (string id, EditHours edit, CurrentUser user, HttpContext http, CancellationToken cancellation) =>
            edit.PostAsync(new HoursTarget(false, id), user, http, cancellation));
        coaches.MapGet("/schedules/event-types/{id}/hours", (string id, EditHours edit, CurrentUser user, HttpContext http, CancellationToken cancellation) =>
            edit.FormAsync(new HoursTarget(true, id), user, http, cancellation));
        coaches.MapPost("/schedules/event-types/{id}/hours", (string id, EditHours edit, CurrentUser user, HttpContext http, CancellationToken cancellation) =>
            edit.PostAsync(new HoursTarget(true, id), user, http, cancellation));
    }

    private static async Task<IResult> PageAsync(
        CurrentUser user,
        ReaderZone zone,
        [AsParameters] SchedulesInput input,
        SchedulesValidator validator,
        WeekHandler handler,
        HttpContext http,
        CancellationToken cancellationToken)
    {
        var self = SchedulesInput.Url(null, input.IsMine);
        if (validator.Problem(input) is { } problem)
        {
            return Failed(http, problem, new SchedulesPanel(null, Trouble.OfInput(problem, ScheduleWords.Schedules), self));
        }

        var result = await handler.HandleAsync(new WeekQuery(user.ConnectionOwnerId, zone.Zone, input), cancellationToken);
        return result.Succeeded(out var page, out var failure)
            ? Hypermedia.Of("Schedules/_Schedules", new SchedulesPanel(page, null, page.RefreshUrl))
            : Failed(http, failure, new SchedulesPanel(null, Trouble.Of(failure, ScheduleWords.Schedules, self), self));
    }

    private static async Task<IResult> UsedByAsync(
        string id, CurrentUser user, UsedByHandler handler, HttpContext http, CancellationToken cancellationToken)
    {
        Result<EventTypeChips> result = CalendlyUri.IsWellFormedId(id)
            ? await handler.HandleAsync(user.ConnectionOwnerId, id, cancellationToken)
            : new Failure(FailureCode.ValidationFailed);
        return Chips(http, result, $"/schedules/{id}/event-types");
    }

    private static async Task<IResult> OwnHoursAsync(CurrentUser user, UsedByHandler handler, HttpContext http, CancellationToken cancellationToken) =>
        Chips(http, await handler.ReadOwnAsync(user.ConnectionOwnerId, cancellationToken), "/schedules/event-types");

    // A small part of a page: in htmx's hands its failure is a line of text, in a browser's a page.
    private static IResult Chips(HttpContext http, Result<EventTypeChips> result, string url)
    {
        if (result.Succeeded(out var chips, out var failure))
        {
            return Hypermedia.Of("Schedules/_EventTypes", chips);
        }

        return http.Request.IsHtmx()
            ? Failed(http, failure, Trouble.Of(failure, ScheduleWords.EventTypes, url), "Schedules/_EventTypesTrouble")
            : TroublePanel.Of(http, failure, ScheduleWords.EventTypes, url);
    }

    private static Hypermedia<TModel> Failed<TModel>(HttpContext http, Failure failure, TModel model, string view = "Schedules/_Schedules")
    {
        http.Response.MarkFailure(failure);
        return Hypermedia.Of(view, model, failure.Code.ToStatusCode());
    }
}
