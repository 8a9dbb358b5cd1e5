using System.Globalization;
using System.Text.Json.Serialization;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Features.ScheduledEvents;

/// <summary>The JSON form of the list.</summary>
internal static class ScheduledEventsApi
{
    private const string ListName = "events/scheduled";

    public static async Task<IResult> ListAsync(
        CurrentUser user,
        [AsParameters] EventsInput input,
        EventsInputValidator validator,
        ScheduledEventsHandler handler,
        PageTokens tokens,
        TimeProvider clock,
        HttpResponse response,
        CancellationToken cancellationToken)
    {
        if (validator.Problem(input) is { } problem)
        {
            return Api.Fail(problem);
        }

        string? pageToken = null;
        if (!string.IsNullOrEmpty(input.PageToken) && !tokens.Unwrap(ListName, user.Id, input.Filters, input.PageToken).Succeeded(out pageToken, out var expired))
        {
            return Api.Fail(expired);
        }

        var query = input.ToQuery() with { PageToken = pageToken };
        var request = new EventsRequest(user.Id, null, userUri => query with { UserUri = userUri });
        if (!(await handler.HandleAsync(request, cancellationToken)).Succeeded(out var reading, out var failure))
        {
            return Api.Fail(failure);
        }

        var age = (int)(clock.GetUtcNow() - reading.Page.ReadAt).TotalSeconds;
        if (age > 0)
        {
            response.Headers["X-Data-Age"] = age.ToString(CultureInfo.InvariantCulture);
        }

        string? Wrap(string? token) => token is null ? null : tokens.Wrap(ListName, user.Id, input.Filters, token);
        var pages = reading.Page.Value.Pagination;
        return Api.Ok(
            new EventsAnswer(
                reading.Page.Value.Collection,
                new EventsPagination(Wrap(pages.NextPageToken), Wrap(pages.PreviousPageToken), pages.Count),
                new EventsEcho(query.Status, query.MinStartTime, query.MaxStartTime, input.Zone.Zone.Id)),
            ScheduledEventsJson.Default.ApiResponseEventsAnswer);
    }
}

/// <param name="Query">How the request was understood; times without an offset were read in its zone.</param>
internal sealed record EventsAnswer(IReadOnlyList<ScheduledEvent> Items, EventsPagination Pagination, EventsEcho Query);

internal sealed record EventsPagination(string? NextPageToken, string? PreviousPageToken, int Count);

internal sealed record EventsEcho(string? Status, DateTimeOffset? MinStartTime, DateTimeOffset? MaxStartTime, string Timezone);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(UtcInstantConverter)])]
[JsonSerializable(typeof(ApiResponse<EventsAnswer>))]
internal sealed partial class ScheduledEventsJson : JsonSerializerContext;
