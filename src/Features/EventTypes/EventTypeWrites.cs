using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Listings;
using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Features.EventTypes;

/// <summary>What can be done with an event type. Each answers htmx with the part of the row that changed, and a browser by
/// leading it to a page that may be reloaded.</summary>
internal static class EventTypeWrites
{
    public static async Task<IResult> ActivateAsync(
        string id,
        CurrentUser user,
        ReaderZone zone,
        ActivationHandler handler,
        EventTypeHandler details,
        ListedEventTypes listed,
        HttpContext http,
        CancellationToken cancellationToken)
    {
        Result<ActivationOutcome> result = bool.TryParse(await http.FieldAsync("active", cancellationToken), out var active)
            ? await handler.HandleAsync(new ActivationCommand(user.ConnectionOwnerId, id, active), cancellationToken)
            : new Failure(FailureCode.ValidationFailed, "Choose on or off.");
        if (!result.Succeeded(out var outcome, out var failure))
        {
            return await RefusedAsync(http, new EventTypeQuery(user.ConnectionOwnerId, zone.Zone, id), details, Explained(failure), cancellationToken);
        }

        if (outcome.Unsettled)
        {
            failure = new Failure(FailureCode.CalendlyUnavailable, $"Calendly did not do it: we looked, and it is still {(outcome.Type.Active ? "on" : "off")}. Try again.");
            if (!http.Request.IsHtmx())
            {
                return await RefusedAsync(http, new EventTypeQuery(user.ConnectionOwnerId, zone.Zone, id), details, failure, cancellationToken);
            }

            http.Response.MarkFailure(failure);
        }
        else if (!http.Request.IsHtmx())
        {
            return SeeOther(http, $"/event-types/{id}");
        }

        http.Response.Retarget("closest .row", "outerHTML");
        var row = EventTypeRow.Of(outcome.Type, await listed.ChosenByAsync(user.ConnectionOwnerId, cancellationToken));
        var rows = new EventTypeRows([], row, RowNote.Of(outcome, failure), MaySwitch: true);
        return Hypermedia.Of("EventTypes/_EventTypeRows", rows, failure?.Code.ToStatusCode() ?? StatusCodes.Status200OK);
    }

    public static async Task<IResult> ListAsync(
        string id, CurrentUser user, ReaderZone zone, ListingHandler handler, EventTypeHandler details, HttpContext http, CancellationToken cancellationToken)
    {
        Result<EventTypeRow> result = bool.TryParse(await http.FieldAsync("shown", cancellationToken), out var shown)
            ? await handler.HandleAsync(new ListingCommand(user.ConnectionOwnerId, id, shown), cancellationToken)
            : new Failure(FailureCode.ValidationFailed, "Choose to show or to hide.");
        return !result.Succeeded(out var row, out var failure)
            ? await RefusedAsync(http, new EventTypeQuery(user.ConnectionOwnerId, zone.Zone, id), details, failure, cancellationToken)
            : http.Request.IsHtmx() ? Hypermedia.Of("EventTypes/_Listing", row) : SeeOther(http, row.Url);
    }

    public static async Task<IResult> MakeLinkAsync(
        string id, CurrentUser user, ReaderZone zone, LinksHandler handler, HttpContext http, CancellationToken cancellationToken)
    {
        var query = new LinksQuery(user.ConnectionOwnerId, zone.Zone, id);
        return await LinksAsync(http, query, handler, await handler.MakeAsync(query, cancellationToken), cancellationToken);
    }

    public static async Task<IResult> RemoveLinkAsync(
        string id, CurrentUser user, ReaderZone zone, LinksHandler handler, HttpContext http, CancellationToken cancellationToken)
    {
        var query = new LinksQuery(user.ConnectionOwnerId, zone.Zone, id);
        var result = await handler.RemoveAsync(query, await http.FieldAsync("link", cancellationToken), cancellationToken);
        return await LinksAsync(http, query, handler, result, cancellationToken);
    }

    private static async Task<IResult> LinksAsync(
        HttpContext http, LinksQuery query, LinksHandler handler, Result<LinksPanel> result, CancellationToken cancellationToken)
    {
        if (result.Succeeded(out var links, out var failure))
        {
            return http.Request.IsHtmx() ? Hypermedia.Of("EventTypes/_Links", links) : SeeOther(http, $"/event-types/{query.Id}/links");
        }

        // The list stays, with what is wrong above it.
        if (!(await handler.ReadAsync(query, cancellationToken)).Succeeded(out links, out _))
        {
            return TroublePanel.Of(http, failure, EventTypeWords.EventType, $"/event-types/{query.Id}/links");
        }

        http.Response.MarkFailure(failure);
        var view = http.Request.IsHtmx() ? "EventTypes/_Links" : "EventTypes/_LinksPage";
        return Hypermedia.Of(view, links with { Problem = links.Hindrance ?? Waited(failure).Message }, failure.Code.ToStatusCode());
    }

    // Beside the row where there is one; otherwise on the event type's own page.
    private static async Task<IResult> RefusedAsync(
        HttpContext http, EventTypeQuery query, EventTypeHandler details, Failure failure, CancellationToken cancellationToken)
    {
        if (!CalendlyUri.IsWellFormedId(query.Id) || !(await details.HandleAsync(query, cancellationToken)).Succeeded(out var type, out _))
        {
            return TroublePanel.Of(http, failure, EventTypeWords.EventType, "/event-types");
        }

        http.Response.MarkFailure(failure);
        if (!http.Request.IsHtmx())
        {
            return Hypermedia.Of("EventTypes/_EventType", type with { Problem = failure.Message }, failure.Code.ToStatusCode());
        }

        http.Response.Retarget($"#slot-{query.Id}", "innerHTML");
        return Hypermedia.Of("EventTypes/_Note", new RowNote(failure.Message, Problem: true, CanUndo: false), failure.Code.ToStatusCode());
    }

    private static Failure Explained(Failure failure) => failure.Code switch
    {
        FailureCode.ScopeMissing => failure with { Message = "Your connection does not allow turning event types on or off. Reconnect and tick Manage event types." },
        _ => Waited(failure),
    };

    private static Failure Waited(Failure failure) => failure is { Code: FailureCode.RateLimited, RetryAfter: { } wait }
        ? failure with { Message = $"Calendly asked us to wait {Math.Ceiling(wait.TotalSeconds)} s. Nothing was changed." }
        : failure;

    private static IResult SeeOther(HttpContext http, string path)
    {
        http.Response.Headers.Location = path;
        return Results.StatusCode(StatusCodes.Status303SeeOther);
    }

    // Null for a body that is no form, as for a field that is not there.
    private static async Task<string?> FieldAsync(this HttpContext http, string name, CancellationToken cancellationToken)
    {
        try
        {
            return http.Request.HasFormContentType ? (await http.Request.ReadFormAsync(cancellationToken))[name].ToString() : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
