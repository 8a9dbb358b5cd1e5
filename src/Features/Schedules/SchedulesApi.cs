using System.Globalization;
using System.Text.Json.Serialization;
using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Features.Schedules;

/// <summary>The JSON form of the list.</summary>
internal static class SchedulesApi
{
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

        if (!(await handler.HandleAsync(user.Id, cancellationToken)).Succeeded(out var reading, out var failure))
        {
            return Api.Fail(failure);
        }

        // Whoever connected may see their own hours only; what Calendly would show to an administrator is not asked for.
        if (!string.IsNullOrEmpty(input.UserUri) && input.UserUri != reading.Connection.CalendlyUserUri)
        {
            return Api.Fail(new Failure(FailureCode.ForbiddenUser));
        }

        var age = (int)(clock.GetUtcNow() - reading.Schedules.ReadAt).TotalSeconds;
        if (age > 0)
        {
            response.Headers["X-Data-Age"] = age.ToString(CultureInfo.InvariantCulture);
        }

        return Api.Ok(new SchedulesAnswer(reading.Schedules.Value), SchedulesJson.Default.ApiResponseSchedulesAnswer);
    }
}

internal sealed record SchedulesAnswer(IReadOnlyList<AvailabilitySchedule> Items);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ApiResponse<SchedulesAnswer>))]
internal sealed partial class SchedulesJson : JsonSerializerContext;
