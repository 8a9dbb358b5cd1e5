using System.Text.Json.Nodes;
using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Web;
using NodaTime;

namespace CalendlySlices.Features.Cancel;

internal sealed class CancelEndpoint : IFeatureModule
{
    public static void AddServices(IServiceCollection services) => services
        .AddScoped<CancelHandler>()
        .AddScoped<CancelFormHandler>()
        .AddSingleton<CancelFlights>()
        .AddSingleton<CancelValidator>();

    public static void AddRoutes(IEndpointRouteBuilder routes)
    {
        var coaches = routes.MapGroup("").For(Access.Coach, Refuse);
        coaches.MapGet("/sessions/{id}/cancellation", FormAsync);
        coaches.MapPost("/sessions/{id}/cancellation", CancelAsync);
        coaches.MapPost("/api/calendly/events/cancel", CancelApi.CancelAsync).Describe(CancelApi.Description).WithIdempotencyKey();
    }

    private static async Task<IResult> FormAsync(
        string id,
        CurrentUser user,
        ReaderZone zone,
        CancelValidator validator,
        CancelFormHandler handler,
        TimeProvider clock,
        HttpContext http,
        CancellationToken cancellationToken)
    {
        var command = new CancelCommand(id, null);
        if (validator.Problem(command) is { } problem)
        {
            return Form(http, command, null, zone.Zone, new Failure(problem.Code, problem.Fields[0].Message));
        }

        if (!(await handler.HandleAsync(user.ConnectionOwnerId, id, cancellationToken)).Succeeded(out var subject, out var failure))
        {
            return Form(http, command, null, zone.Zone, failure);
        }

        var refusal = CancelHandler.Refusal(subject.Session, subject.Connection, clock.GetUtcNow());
        return refusal switch
        {
            { Code: FailureCode.EventAlreadyCanceled } =>
                Canceled(http, subject, new CancelOutcome(subject.Session, subject.Session.Cancellation, Already: true), zone.Zone),
            { Code: FailureCode.EventInPast } =>
                Form(http, command, subject, zone.Zone, refusal with { Message = "This session has started or ended; it can no longer be canceled." }),
            null when !subject.Connection.Allows(CancelHandler.Scope) =>
                Form(http, command, subject, zone.Zone, new Failure(FailureCode.ScopeMissing) { RequiredScopes = [CancelHandler.Scope] }),
            _ => Form(http, command, subject, zone.Zone, refusal),
        };
    }

    private static async Task<IResult> CancelAsync(
        string id,
        CurrentUser user,
        ReaderZone zone,
        CancelValidator validator,
        CancelFormHandler forms,
        CancelHandler handler,
        HttpContext http,
        CancellationToken cancellationToken)
    {
        string? reason;
        try
        {
            reason = http.Request.HasFormContentType ? (await http.Request.ReadFormAsync(cancellationToken))["reason"].ToString() : null;
        }
        catch (InvalidDataException)
        {
            return Form(http, new CancelCommand(id, null), null, zone.Zone, new Failure(FailureCode.ValidationFailed));
        }

        var command = new CancelCommand(id, reason);
        var problem = validator.Problem(command);
        if (problem.MessageFor("uuid") is { } malformed)
        {
            return Form(http, command, null, zone.Zone, new Failure(FailureCode.ValidationFailed, malformed));
        }

        // Read before anything is sent, mostly from memory: afterwards nothing of the answer depends on another call.
        (await forms.HandleAsync(user.ConnectionOwnerId, id, cancellationToken)).Succeeded(out var subject, out _);
        if (problem is not null)
        {
            return Form(http, command, subject, zone.Zone, problem);
        }

        var result = await handler.HandleAsync(user.ConnectionOwnerId, command, cancellationToken);
        return result.Succeeded(out var outcome, out var failure) ? Canceled(http, subject, outcome, zone.Zone)
            : failure.Code == FailureCode.CancelOutcomeUnknown ? Checking(http, command, subject, zone.Zone, failure)
            : Form(http, command, subject, zone.Zone, failure);
    }

    private static Hypermedia<CancelForm> Form(HttpContext http, CancelCommand command, CancelSubject? subject, DateTimeZone zone, Failure? failure)
    {
        if (failure is not null)
        {
            http.Response.MarkFailure(failure);
        }

        var form = CancelForm.Of(command, subject, zone, http.Request.IsHtmx(), failure);
        return Hypermedia.Of("Cancel/_CancelForm", form, failure?.Code.ToStatusCode() ?? StatusCodes.Status200OK);
    }

    private static IResult Canceled(HttpContext http, CancelSubject? subject, CancelOutcome outcome, DateTimeZone zone)
    {
        var after = CanceledSession.Of(outcome, subject, zone);
        if (http.Request.IsHtmx())
        {
            var told = outcome.Already ? after.Note! : CancelWords.Told(outcome.Session, subject?.Invitees);
            http.Response.Trigger(("session-canceled", new() { ["uuid"] = after.Id }), ("toast", new JsonObject { ["message"] = told, ["kind"] = "ok" }));
            return Row(http, after, StatusCodes.Status200OK);
        }

        if (outcome.Already && HttpMethods.IsGet(http.Request.Method))
        {
            return Hypermedia.Of("Cancel/_Canceled", after);
        }

        // The session's own page says by whom and when, and may be reloaded without posting again.
        http.Response.Headers.Location = $"/sessions/{after.Id}";
        return Results.StatusCode(StatusCodes.Status303SeeOther);
    }

    private static Hypermedia<CanceledSession> Checking(HttpContext http, CancelCommand command, CancelSubject? subject, DateTimeZone zone, Failure failure)
    {
        http.Response.MarkFailure(failure);
        var after = CanceledSession.Unsettled(command.Uuid!, subject, zone);
        return http.Request.IsHtmx()
            ? Row(http, after, failure.Code.ToStatusCode())
            : Hypermedia.Of("Cancel/_Canceled", after, failure.Code.ToStatusCode());
    }

    // The request came from a form or a link inside the row; the answer takes the place of the row.
    private static Hypermedia<CanceledSession> Row(HttpContext http, CanceledSession after, int statusCode)
    {
        http.Response.Retarget("closest .row", "outerHTML");
        return Hypermedia.Of("Cancel/_CanceledRow", after, statusCode);
    }

    private static IResult Refuse(HttpContext http, Failure failure) =>
        Form(http, new CancelCommand(http.GetRouteValue("id") as string ?? string.Empty, null), null, DateTimeZone.Utc, failure);
}
