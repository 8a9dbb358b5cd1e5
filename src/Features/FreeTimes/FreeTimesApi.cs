using System.Text.Json.Serialization;
using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Web;
using FluentValidation;
using NodaTime;
using NodaTime.Text;

namespace CalendlySlices.Features.FreeTimes;

/// <summary>The query of the JSON route, as sent.</summary>
/// <param name="EventUri">The full URI of an event type; only its id is used.</param>
/// <param name="StartTime">An instant with its offset, or a date or local time in the reader's zone; without one, now.</param>
/// <param name="EndTime">Likewise; without one, seven days after the start.</param>
internal sealed record FreeTimesApiInput(string? EventUri, string? StartTime, string? EndTime, ReaderZone Zone)
{
    public static readonly TimeSpan DefaultRange = TimeSpan.FromDays(7);

    public string? EventTypeId => CalendlyUri.TryGetId(EventUri, "event_types", out var id) ? id : null;

    public DateTimeOffset? Start => Time(StartTime);

    public DateTimeOffset? End => Time(EndTime);

    private DateTimeOffset? Time(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        var instant = OffsetDateTimePattern.Rfc3339.Parse(text) is { Success: true, Value: var exact } ? exact.ToInstant()
            : LocalDateTimePattern.GeneralIso.Parse(text) is { Success: true, Value: var local } ? local.InZoneLeniently(Zone.Zone).ToInstant()
            : LocalDatePattern.Iso.Parse(text) is { Success: true, Value: var date } ? date.AtStartOfDayInZone(Zone.Zone).ToInstant()
            : (Instant?)null;
        return instant?.InUtc().Year is >= 2000 and <= 2199 ? instant.Value.ToDateTimeOffset() : null;
    }
}

internal sealed class FreeTimesApiValidator : AbstractValidator<FreeTimesApiInput>
{
    private const string NotATime = "That is not a time. Write it like 2026-03-10T09:00:00Z, or 2026-03-10 for the start of a day in your zone.";

    public FreeTimesApiValidator(TimeProvider clock)
    {
        RuleFor(input => input.EventUri).NotEmpty().WithErrorCode("required").WithMessage("Say which event type: eventUri.");
        RuleFor(input => input.EventUri)
            .Must((input, uri) => string.IsNullOrEmpty(uri) || input.EventTypeId is not null)
            .WithErrorCode("uri").WithMessage("Send the event type's whole URI, such as https://api.calendly.com/event_types/….");
        RuleFor(input => input.StartTime).Must((input, text) => string.IsNullOrEmpty(text) || input.Start is not null).WithErrorCode("date").WithMessage(NotATime);
        RuleFor(input => input.EndTime).Must((input, text) => string.IsNullOrEmpty(text) || input.End is not null).WithErrorCode("date").WithMessage(NotATime);
        When(input => input.End is not null && (input.Start is not null || string.IsNullOrEmpty(input.StartTime)), () =>
        {
            RuleFor(input => input.EndTime).Must((input, _) => input.End > From(input, clock)).WithErrorCode("range").WithMessage("This has to be after startTime, and ahead.");
            RuleFor(input => input.EndTime)
                .Must((input, _) => input.End - From(input, clock) <= CalendlyLimits.AvailableTimesRange)
                .WithErrorCode("range").WithMessage("Ask for at most 31 days at once.");
        });
    }

    /// <summary>A start in the past, or none, means now.</summary>
    public static DateTimeOffset From(FreeTimesApiInput input, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        return input.Start is { } start && start > now ? start : now;
    }
}

internal sealed class FreeTimesApiHandler(BookableTypes bookable, AvailableTimeReads times)
{
    public async Task<Result<(BookableType Type, Reading<IReadOnlyList<AvailableTime>> Times)>> HandleAsync(
        CurrentUser user, string eventTypeId, AvailableTimesWindow window, CancellationToken cancellationToken) =>
        !(await bookable.FindAsync(user, eventTypeId, cancellationToken)).Succeeded(out var type, out var failure) ? failure
            : (await times.ReadAsync(type.OwnerId, type.Type.Uri, window, cancellationToken)).Succeeded(out var reading, out failure) ? (type, reading)
            : type.ForReader(failure);
}

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
