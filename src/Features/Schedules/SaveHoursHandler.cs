using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Features.Schedules;

/// <param name="Seen">The version that the person saw when deciding.</param>
/// <param name="Wanted">Makes the hours to save from those that Calendly has.</param>
internal sealed record SaveHoursCommand(long UserId, HoursTarget Target, string Seen, Func<HoursSubject, Hours> Wanted);

/// <param name="Former">What was there before.</param>
/// <param name="Saved">What is there now, as Calendly says.</param>
/// <param name="Conflict">Somebody else's hours, when those were not the ones that the person saw; nothing was sent.</param>
internal sealed record SaveHoursOutcome(HoursSubject Former, HoursSubject? Saved, HoursSubject? Conflict);

/// <summary>
/// Replaces hours at Calendly, once, and only when they are still the ones that the person saw. Where the answer was lost,
/// Calendly is asked what it has; success and failure are claimed only when seen.
/// </summary>
internal sealed class SaveHoursHandler(ICalendlyApi calendly, HoursHandler hours, ReadCache cache, TimeProvider clock)
{
    public const string NotSaved = "Calendly did not save this: it still has the former hours. What you typed is kept; try again.";
    public const string Unknown = "Calendly did not say whether it saved this. What you typed is kept; look at the schedule before you try again.";

    public async Task<Result<SaveHoursOutcome>> HandleAsync(SaveHoursCommand command, CancellationToken cancellationToken)
    {
        if (!(await hours.ReadNowAsync(command.UserId, command.Target, cancellationToken)).Succeeded(out var current, out var failure))
        {
            return failure;
        }

        var wanted = command.Wanted(current);
        if (wanted.HasSameWeek(current.Hours))
        {
            // Sent twice, or somebody else had the same idea.
            return new SaveHoursOutcome(current, current, null);
        }

        if (current.Version != command.Seen)
        {
            return new SaveHoursOutcome(current, null, current);
        }

        // From here on nobody's leaving may stop it: what has been sent must be settled.
        var result = await SendAsync(command, current, wanted.ToRules(current.Rules, clock.GetUtcNow().In(current.Zone).Date));
        cache.Forget(command.UserId);
        return result.Map(saved => new SaveHoursOutcome(current, saved, null));
    }

    private async Task<Result<HoursSubject>> SendAsync(SaveHoursCommand command, HoursSubject current, IReadOnlyList<AvailabilityRule> rules)
    {
        var target = command.Target;
        var sent = target.IsEventType
            ? Read(current, await calendly.UpdateEventTypeScheduleAsync(target.Uri, new(new(current.Timezone, rules)), CancellationToken.None))
            : Read(current, await calendly.UpdateScheduleAsync(target.Id, new AvailabilityScheduleChange(rules), CancellationToken.None));
        if (sent.Succeeded(out _, out var failure) || !failure.IsOutage || failure.Code == FailureCode.RateLimited)
        {
            return sent;
        }

        if (!(await hours.ReadNowAsync(command.UserId, target, CancellationToken.None)).Succeeded(out var seen, out _))
        {
            return failure with { Message = Unknown };
        }

        return seen.Hours.HasSameWeek(Hours.Of(rules)!) ? seen
            : seen.Version == current.Version ? failure with { Message = NotSaved }
            : failure with { Message = Unknown };
    }

    // Calendly promises no field of the answer; where it says nothing of use, it is asked again.
    private static Result<HoursSubject> Read(HoursSubject current, Result<EventTypeAvailability> sent) =>
        !sent.Succeeded(out var saved, out var failure) ? failure
        : saved.AvailabilityRule is { Timezone: { } timezone, Rules: { } rules } hours && SchedulesHandler.MakesSense(timezone, rules)
            ? new HoursSubject(current.Target, current.Name, hours.Uri is null ? null : hours.Name, timezone, rules)
            : new Failure(FailureCode.CalendlyBadResponse);

    private static Result<HoursSubject> Read(HoursSubject current, Result<AvailabilitySchedule> sent) =>
        !sent.Succeeded(out var saved, out var failure) ? failure
        : SchedulesHandler.MakesSense(saved.Timezone, saved.Rules) ? new HoursSubject(current.Target, saved.Name, null, saved.Timezone, saved.Rules)
        : new Failure(FailureCode.CalendlyBadResponse);
}
