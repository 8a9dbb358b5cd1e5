using System.Globalization;
using System.Text.Json.Serialization;
using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Features.EventTypes;

/// <summary>The JSON form of the list.</summary>
internal static class EventTypesApi
{
    public static readonly ApiDescription Description = new(
        "List event types",
        "Event types of your own Calendly account, by name, active or not. Deleted ones are not listed.",
        typeof(EventTypesAnswer),
        """
        {
          "items": [
            {
              "uri": "https://api.calendly.com/event_types/9a1c2d3e-2222-4333-8444-955566667777",
              "name": "Discovery call",
              "active": true,
              "slug": "discovery-call",
              "schedulingUrl": "https://calendly.com/ana/discovery-call",
              "duration": 30,
              "durationOptions": [30, 45],
              "kind": "solo",
              "poolingType": null,
              "type": "StandardEventType",
              "color": "#2f7d6d",
              "createdAt": "2025-03-01T08:00:00.000000Z",
              "updatedAt": "2026-02-14T10:20:30.123456Z",
              "internalNote": null,
              "isPaid": false,
              "descriptionPlain": "A first talk.",
              "descriptionHtml": "<p>A first talk.</p>",
              "profile": { "type": "User", "name": "Ana Ruiz", "owner": "https://api.calendly.com/users/5b6c7d8e-3333-4444-8555-966677778888" },
              "secret": false,
              "bookingMethod": "instant",
              "customQuestions": [
                {
                  "name": "What brings you here?",
                  "type": "string",
                  "position": 0,
                  "enabled": true,
                  "required": true,
                  "answerChoices": [],
                  "includeOther": false
                }
              ],
              "deletedAt": null,
              "adminManaged": false,
              "locations": [{ "kind": "google_conference", "location": null, "additionalInfo": null, "phoneNumber": null }],
              "position": 0,
              "locale": "en",
              "startTimeIncrement": 30,
              "beforeBuffer": 0,
              "afterBuffer": 15
            }
          ],
          "pagination": { "nextPageToken": null, "previousPageToken": null, "count": 1 }
        }
        """)
    {
        Parameters = [ApiPaging.Count, ApiPaging.PageToken],
        Failures = [FailureCode.ValidationFailed, FailureCode.PageTokenInvalid, .. ApiDescription.ReadFailures],
        FromMemory = true,
    };

    private const string ListName = "events/types";

    public static async Task<IResult> ListAsync(
        CurrentUser user,
        [AsParameters] EventTypePagesInput input,
        EventTypePagesValidator validator,
        EventTypePagesHandler handler,
        PageTokens tokens,
        TimeProvider clock,
        HttpResponse response,
        CancellationToken cancellationToken)
    {
        if (validator.Problem(input) is { } problem)
        {
            return Api.Fail(problem);
        }

        var count = ApiPaging.Rows(input.Count) ?? ApiPaging.DefaultCount;
        var pages = tokens.For(ListName, user.ConnectionOwnerId, count.ToString(CultureInfo.InvariantCulture));
        if (!pages.TryUnwrap(input.PageToken, out var pageToken))
        {
            return Api.Fail(new Failure(FailureCode.PageTokenInvalid));
        }

        var result = await handler.HandleAsync(new EventTypePagesQuery(user.ConnectionOwnerId, count, pageToken), cancellationToken);
        if (!result.Succeeded(out var reading, out var failure))
        {
            return Api.Fail(failure);
        }

        response.MarkAge(reading.ReadAt, clock);
        var page = reading.Value;
        return Api.Ok(new EventTypesAnswer(page.Collection, pages.Wrap(page.Pagination)), EventTypesJson.Default.ApiResponseEventTypesAnswer);
    }
}

internal sealed record EventTypesAnswer(IReadOnlyList<EventType> Items, ApiPagination Pagination);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(UtcInstantConverter)])]
[JsonSerializable(typeof(ApiResponse<EventTypesAnswer>))]
internal sealed partial class EventTypesJson : JsonSerializerContext;
