using System.Text.Json.Serialization;
using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Features.ScheduledEvents;

/// <summary>The JSON form of the list.</summary>
internal static class ScheduledEventsApi
{
    public static readonly ApiDescription Description = new(
        "List scheduled events",
        "Sessions of your own Calendly account, soonest first. Times without an offset are read in your time zone; query tells how they were understood.",
        typeof(EventsAnswer),
        """
        {
          "items": [
            {
              "uri": "https://api.calendly.com/scheduled_events/3f0f5b3e-1111-4222-8333-944455556666",
              "name": "Listing review",
              "meetingNotesPlain": null,
              "meetingNotesHtml": null,
              "status": "active",
              "startTime": "2026-03-10T13:00:00.000000Z",
              "endTime": "2026-03-10T13:30:00.000000Z",
              "eventType": "https://api.calendly.com/event_types/9a1c2d3e-2222-4333-8444-955566667777",
              "location": { "type": "physical", "location": "12 Front Street", "additionalInfo": null, "status": null, "joinUrl": null, "data": null },
              "inviteesCounter": { "total": 1, "active": 1, "limit": 1 },
              "createdAt": "2026-02-20T09:15:00.000000Z",
              "updatedAt": "2026-02-20T09:15:00.000000Z",
              "eventMemberships": [
                {
                  "user": "https://api.calendly.com/users/5b6c7d8e-3333-4444-8555-966677778888",
                  "userEmail": "ana@example.com",
                  "userName": "Ana Ruiz",
                  "bufferedStartTime": "2026-03-10T12:45:00.000000Z",
                  "bufferedEndTime": "2026-03-10T13:45:00.000000Z"
                }
              ],
              "eventGuests": [],
              "calendarEvent": null,
              "cancellation": null
            }
          ],
          "pagination": { "nextPageToken": null, "previousPageToken": null, "count": 1 },
          "query": { "status": "active", "minStartTime": "2026-03-10T04:00:00.000000Z", "maxStartTime": null, "timezone": "America/New_York" }
        }
        """)
    {
        Parameters =
        [
            ApiPaging.Count,
            ApiPaging.PageToken,
            ApiParameter.OneOf("status", "Only sessions in this state; both when left out.", "active", "canceled") with { Example = "active" },
            ApiParameter.Time("minStartTime", "Only sessions that start at this time or later.") with { Example = "2026-03-10" },
            ApiParameter.Time("maxStartTime", "Only sessions that start at this time or earlier; a date alone means the end of that day."),
        ],
        Failures = [FailureCode.ValidationFailed, FailureCode.PageTokenInvalid, .. ApiDescription.ReadFailures],
        FromMemory = true,
    };

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

        var pages = tokens.For(ListName, user.ConnectionOwnerId, input.Filters);
        if (!pages.TryUnwrap(input.PageToken, out var pageToken))
        {
            return Api.Fail(new Failure(FailureCode.PageTokenInvalid));
        }

        var query = input.ToQuery() with { PageToken = pageToken };
        var request = new EventsRequest(user.ConnectionOwnerId, null, userUri => query with { UserUri = userUri });
        if (!(await handler.HandleAsync(request, cancellationToken)).Succeeded(out var reading, out var failure))
        {
            return Api.Fail(failure);
        }

        var page = reading.Page.Value;
        response.MarkAge(reading.Page.ReadAt, clock);
        return Api.Ok(
            new EventsAnswer(
                page.Collection,
                pages.Wrap(page.Pagination),
                new EventsEcho(query.Status, query.MinStartTime, query.MaxStartTime, input.Zone.Zone.Id)),
            ScheduledEventsJson.Default.ApiResponseEventsAnswer);
    }
}

/// <param name="Query">How the request was understood; times without an offset were read in its zone.</param>
internal sealed record EventsAnswer(IReadOnlyList<ScheduledEvent> Items, ApiPagination Pagination, EventsEcho Query);

internal sealed record EventsEcho(string? Status, DateTimeOffset? MinStartTime, DateTimeOffset? MaxStartTime, string Timezone);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(UtcInstantConverter)])]
[JsonSerializable(typeof(ApiResponse<EventsAnswer>))]
internal sealed partial class ScheduledEventsJson : JsonSerializerContext;
