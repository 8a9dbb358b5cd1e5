using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Features.Schedules;

/// <summary>The last two steps of the editor over HTTP: what would change, and saving it. The form is valid.</summary>
internal sealed class SaveHours(HoursHandler hours, SaveHoursHandler handler, UsedByHandler usedBy, HoursAnswers answers)
{
    public async Task<IResult> ReviewAsync(HoursTarget target, CurrentUser user, HoursForm form, HttpContext http, CancellationToken cancellationToken)
    {
        if (!(await hours.ReadNowAsync(user.ConnectionOwnerId, target, cancellationToken)).Succeeded(out var subject, out var failure))
        {
            return await KeepAsync(target, user, form, failure, http, cancellationToken);
        }

        var wanted = form.ToHours(subject.Hours);
        if (subject.Version != form.Seen && !wanted.HasSameWeek(subject.Hours))
        {
            return HoursAnswers.Conflict(http, subject, form);
        }

        var changes = HoursWords.Changes(subject.Hours, wanted);
        return changes.Count == 0
            ? answers.Page(http, target, subject, form with { Seen = subject.Version }, focus: "hours-title", said: "Nothing has changed yet.")
            : Hypermedia.Of("Schedules/_HoursReview", new HoursReview(subject, form, changes, await AffectsAsync(subject, user, cancellationToken)));
    }

    public async Task<IResult> SaveAsync(HoursTarget target, CurrentUser user, HoursForm form, HoursStep step, HttpContext http, CancellationToken cancellationToken)
    {
        var command = new SaveHoursCommand(user.ConnectionOwnerId, target, form.Seen, current => form.ToHours(current.Hours));
        if (!(await handler.HandleAsync(command, cancellationToken)).Succeeded(out var outcome, out var failure))
        {
            return await KeepAsync(target, user, form, failure, http, cancellationToken);
        }

        if (outcome.Saved is not { } saved)
        {
            return HoursAnswers.Conflict(http, outcome.Conflict!, form);
        }

        var changes = HoursWords.Changes(outcome.Former.Hours, saved.Hours);
        var undone = step.Name == HoursStep.Undo;
        return Hypermedia.Of("Schedules/_HoursSaved", new HoursSaved(
            saved,
            changes.Count == 0 ? "These hours were saved already" : undone ? "The former hours are back" : "Saved",
            changes,
            outcome.Former.Follows is { } former && saved.Follows is null ? $"{saved.Name} now has hours of its own and no longer follows “{former}”."
                : undone && target.IsEventType ? $"{saved.Name} keeps hours of its own. Only Calendly can make it follow a schedule again."
                : null,
            changes.Count == 0 || undone ? null : HoursForm.Of(outcome.Former.Hours, saved.Version)));
    }

    // The form again, with what was typed.
    private async Task<IResult> KeepAsync(HoursTarget target, CurrentUser user, HoursForm form, Failure failure, HttpContext http, CancellationToken cancellationToken)
    {
        (await hours.HandleAsync(user.ConnectionOwnerId, target, cancellationToken)).Succeeded(out var subject, out _);
        return answers.Page(http, target, subject, form, failure, "hours-title");
    }

    private async Task<string> AffectsAsync(HoursSubject subject, CurrentUser user, CancellationToken cancellationToken) => subject switch
    {
        { Target.IsEventType: true, Follows: { } schedule } => $"{subject.Name} then has hours of its own and no longer follows “{schedule}”.",
        { Target.IsEventType: true } => $"This changes {subject.Name} alone.",
        _ => !(await usedBy.HandleAsync(user.ConnectionOwnerId, subject.Target.Id, cancellationToken)).Succeeded(out var chips, out _)
                ? "Every event type that uses this schedule follows. Which ones those are could not be read just now."
            : chips.Types.Count == 0 ? "No event type uses this schedule."
            : $"Affects {chips.Count}: {chips.Names}.",
    };
}
