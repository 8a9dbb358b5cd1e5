using System.Text.Json.Serialization;
using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Features.FreeTimes;

/// <summary>The JSON form of free times.</summary>
internal static class FreeTimesApi
{
    public static readonly ApiDescription Description = new(
        "List free times",
        "The starts at which an event type can be booked, soonest first: one of your own, or one that a coach shows. "
            + "Never from memory for longer than half a minute; nothing is held until it is booked. A startTime in the past means now, and query.notice says so.",
        typeof(FreeTimesAnswer),
        """
        {
          "items": [
            {
              "status": "available",
              "inviteesRemaining": 1,
              "startTime": "2026-03-10T13:00:00.000000Z",
              "endTime": "2026-03-10T13:30:00.000000Z",
              "schedulingUrl": "https://calendly.com/ana/discovery-call/2026-03-10T13:00:00Z?month=2026-03&date=2026-03-10"
            }
          ],
          "eventType": { "uri": "https://api.calendly.com/event_types/9a1c2d3e-2222-4333-8444-955566667777", "name": "Discovery call", "duration": 30 },
          "query": { "startTime": "2026-03-10T04:00:00.000000Z", "endTime": "2026-03-11T04:00:00.000000Z", "timezone": "America/New_York", "notice": null }
        }
        """)
    {
        Parameters =
        [
            ApiParameter.Uri("eventUri", "The whole URI of an event type; only its id is used.") with
            {
                IsRequired = true,
                Example = "https://api.calendly.com/event_types/9a1c2d3e-2222-4333-8444-955566667777",
            },
            ApiParameter.Time("startTime", "From when; now when left out or past.") with { Example = "2026-03-10" },
            ApiParameter.Time("endTime", "Until when, at most 31 days after startTime; seven days when left out.") with { Example = "2026-03-11" },
        ],
        Failures = [FailureCode.ValidationFailed, FailureCode.EventTypeOff, .. ApiDescription.ReadFailures.Where(code => code != FailureCode.ForbiddenRole)],
        FromMemory = true,
    };

    public static async Task<IResult> ListAsync(
        CurrentUser user,
        [AsParameters] FreeTimesApiInput input,
        FreeTimesApiValidator validator,
        FreeTimesApiHandler handler,
        TimeProvider clock,
        HttpResponse response,
        CancellationToken cancellationToken)
    {
        if (validator.Problem(input) is { } problem)
        {
            return Api.Fail(problem);
        }

        var from = FreeTimesApiValidator.From(input, clock);
        var to = input.End ?? from + FreeTimesApiInput.DefaultRange;
        if (!(await handler.HandleAsync(user, input.EventTypeId!, Window(from, to), cancellationToken)).Succeeded(out var found, out var failure))
        {
            return Api.Fail(failure);
        }

        var (type, reading) = found;
        response.MarkAge(reading.ReadAt, clock);
        return Api.Ok(
            new FreeTimesAnswer(
                [.. reading.Value.Where(time => time.StartTime >= from && time.StartTime < to).Select(time => new FreeTime(
                    time.Status, time.InviteesRemaining, time.StartTime, time.StartTime + type.Duration, time.SchedulingUrl))],
                new FreeTimesEventType(type.Type.Uri, type.Type.Name, type.Type.Duration),
                new FreeTimesEcho(from, to, input.Zone.Zone.Id, input.Start < from ? "startTime has passed, so this begins now." : null)),
            FreeTimesJson.Default.ApiResponseFreeTimesAnswer);
    }

    // In whole minutes: who asks again within one shares the answer.
    private static AvailableTimesWindow Window(DateTimeOffset from, DateTimeOffset to) => new(WholeMinute(from), WholeMinute(to.AddSeconds(59)));

    private static DateTimeOffset WholeMinute(DateTimeOffset time) => time.AddTicks(-(time.UtcTicks % TimeSpan.TicksPerMinute));
}

/// <param name="Query">How the request was understood.</param>
internal sealed record FreeTimesAnswer(IReadOnlyList<FreeTime> Items, FreeTimesEventType EventType, FreeTimesEcho Query);

/// <param name="EndTime">The start and the event type's duration.</param>
internal sealed record FreeTime(string Status, decimal InviteesRemaining, DateTimeOffset StartTime, DateTimeOffset EndTime, string SchedulingUrl);

/// <param name="Duration">Minutes.</param>
internal sealed record FreeTimesEventType(string Uri, string? Name, decimal Duration);

/// <param name="Notice">Set when the start was moved.</param>
internal sealed record FreeTimesEcho(DateTimeOffset StartTime, DateTimeOffset EndTime, string Timezone, string? Notice);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(UtcInstantConverter)])]
[JsonSerializable(typeof(ApiResponse<FreeTimesAnswer>))]
internal sealed partial class FreeTimesJson : JsonSerializerContext;
