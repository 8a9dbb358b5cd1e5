using System.Text.Json.Serialization;
using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Features.Schedules;

/// <summary>The JSON form of the list.</summary>
internal static class SchedulesApi
{
    public static readonly ApiDescription Description = new(
        "List availability schedules",
        "The named schedules of your own Calendly account, with Calendly's values as they are: times are local to the schedule's zone, and a rule for a date counts instead of its weekday.",
        typeof(SchedulesAnswer),
        """
        {
          "items": [
            {
              "uri": "https://api.calendly.com/user_availability_schedules/9a1b2c3d-4e5f-4a6b-8c7d-0e1f2a3b4c5d",
              "default": true,
              "name": "Working hours",
              "user": "https://api.calendly.com/users/5b6c7d8e-3333-4444-8555-966677778888",
              "timezone": "America/New_York",
              "rules": [
                { "type": "wday", "wday": "monday", "date": null, "intervals": [{ "from": "09:00", "to": "12:30" }, { "from": "13:30", "to": "17:00" }] },
                { "type": "date", "wday": null, "date": "2026-03-10", "intervals": [] }
              ]
            }
          ]
        }
        """)
    {
        Parameters =
        [
            ApiParameter.Uri("userUri", "Whose schedules; only your own can be read.") with { Default = "yourself" },
        ],
        Failures = [FailureCode.ValidationFailed, FailureCode.ForbiddenUser, .. ApiDescription.ReadFailures],
        FromMemory = true,
    };

    public static async Task<IResult> ListAsync(
        CurrentUser user,
        [AsParameters] SchedulesApiInput input,
        SchedulesApiValidator validator,
        SchedulesHandler handler,
        TimeProvider clock,
        HttpResponse response,
        CancellationToken cancellationToken)
    {
        if (validator.Problem(input) is { } problem)
        {
            return Api.Fail(problem);
        }

        if (!(await handler.HandleAsync(user.ConnectionOwnerId, cancellationToken)).Succeeded(out var reading, out var failure))
        {
            return Api.Fail(failure);
        }

        // Whoever connected may see their own hours only; what Calendly would show to an administrator is not asked for.
        if (!string.IsNullOrEmpty(input.UserUri) && input.UserUri != reading.Connection.CalendlyUserUri)
        {
            return Api.Fail(new Failure(FailureCode.ForbiddenUser));
        }

        response.MarkAge(reading.Schedules.ReadAt, clock);
        return Api.Ok(new SchedulesAnswer([.. reading.Schedules.Value.Select(ScheduleItem.Of)]), SchedulesJson.Default.ApiResponseSchedulesAnswer);
    }
}

internal sealed record SchedulesAnswer(IReadOnlyList<ScheduleItem> Items);

internal sealed record ScheduleItem(string Uri, bool Default, string Name, string User, string Timezone, IReadOnlyList<ScheduleRule> Rules)
{
    public static ScheduleItem Of(AvailabilitySchedule schedule) => new(
        schedule.Uri,
        schedule.Default,
        schedule.Name,
        schedule.User,
        schedule.Timezone,
        [.. schedule.Rules.Select(rule => new ScheduleRule(rule.Type, rule.Wday, rule.Date, rule.Intervals))]);
}

/// <summary>As Calendly's rule, with both fields always there.</summary>
internal sealed record ScheduleRule(string Type, string? Wday, string? Date, IReadOnlyList<AvailabilityInterval> Intervals);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ApiResponse<SchedulesAnswer>))]
internal sealed partial class SchedulesJson : JsonSerializerContext;
