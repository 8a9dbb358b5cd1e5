using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Web;
using NodaTime;

namespace CalendlySlices.Features.Schedules;

/// <summary>The editor over HTTP. Every button sends the whole form, so that it also works without scripts.</summary>
internal sealed class EditHours(HoursHandler hours, SaveHoursHandler saving, UsedByHandler usedBy, HoursValidator validator, TimeProvider clock)
{
    public async Task<IResult> FormAsync(HoursTarget target, CurrentUser user, HttpContext http, CancellationToken cancellationToken)
    {
        Result<HoursSubject> result = CalendlyUri.IsWellFormedId(target.Id)
            ? await hours.ReadNowAsync(user.Id, target, cancellationToken)
            : new Failure(FailureCode.ValidationFailed);
        return result.Succeeded(out var subject, out var failure)
            ? Page(http, target, subject, HoursForm.Of(subject.Hours, subject.Version))
            : Unreadable(http, target, failure);
    }

    public async Task<IResult> PostAsync(HoursTarget target, CurrentUser user, HttpContext http, CancellationToken cancellationToken)
    {
        if (!CalendlyUri.IsWellFormedId(target.Id) || await ReadFormAsync(http.Request, cancellationToken) is not { } posted)
        {
            return Unreadable(http, target, new Failure(FailureCode.ValidationFailed));
        }

        var form = HoursForm.Read(posted);
        var step = HoursStep.Read(posted["do"].ToString());
        var problem = step is null ? new Failure(FailureCode.ValidationFailed)
            : step.Name is HoursStep.Review or HoursStep.Save or HoursStep.Undo ? validator.Problem(form)
            : null;
        if (problem is null && step is { Name: HoursStep.Review })
        {
            return await ReviewAsync(target, user, form, http, cancellationToken);
        }

        if (problem is null && step is { Name: HoursStep.Save or HoursStep.Undo })
        {
            return await SaveAsync(target, user, form, step, http, cancellationToken);
        }

        (await hours.HandleAsync(user.Id, target, cancellationToken)).Succeeded(out var subject, out var unread);
        if (problem is not null || step is null)
        {
            return Page(http, target, subject, form, problem, problem?.Fields is [var first, ..] ? $"{first.Field}-from" : null);
        }

        if (unread is { IsOutage: false })
        {
            return Unreadable(http, target, unread);
        }

        var copyTo = Hours.Days.Where(day => posted[$"copy-{Hours.Word(step.Day)}"].Contains(Hours.Word(day))).ToList();
        return Changed(http, target, subject, form, step, copyTo);
    }

    private static async Task<IFormCollection?> ReadFormAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return request.HasFormContentType ? await request.ReadFormAsync(cancellationToken) : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    // Add, remove, copy, and back from the review.
    private Hypermedia<HoursPage> Changed(HttpContext http, HoursTarget target, HoursSubject? subject, HoursForm form, HoursStep step, List<IsoDayOfWeek> copyTo)
    {
        var (word, name) = (Hours.Word(step.Day), Hours.Name(step.Day));
        return step.Name switch
        {
            HoursStep.Add => Page(http, target, subject, form.Add(step.Day), focus: $"{HoursValidator.Field(step.Day, form[step.Day].Count)}-from"),
            HoursStep.Remove => Page(http, target, subject, form.Remove(step.Day, step.Index), focus: $"add-{word}", said: $"Removed hours on {name}."),
            HoursStep.Copy when copyTo.Count > 0 => Page(http, target, subject, form.Copy(step.Day, copyTo), focus: $"copy-{word}", said: $"Copied {name} to {HoursWords.List([.. copyTo.Select(Hours.Name)])}."),
            HoursStep.Copy => Page(http, target, subject, form, focus: $"copy-{word}", said: "No day was ticked to copy to."),
            _ => Page(http, target, subject, form, focus: "hours-title"),
        };
    }

    private async Task<IResult> ReviewAsync(HoursTarget target, CurrentUser user, HoursForm form, HttpContext http, CancellationToken cancellationToken)
    {
        if (!(await hours.ReadNowAsync(user.Id, target, cancellationToken)).Succeeded(out var subject, out var failure))
        {
            return await KeepAsync(target, user, form, failure, http, cancellationToken);
        }

        var wanted = form.ToHours(subject.Hours);
        if (subject.Version != form.Seen && !wanted.HasSameWeek(subject.Hours))
        {
            return Conflict(http, subject, form);
        }

        var changes = HoursWords.Changes(subject.Hours, wanted);
        return changes.Count == 0
            ? Page(http, target, subject, form with { Seen = subject.Version }, focus: "hours-title", said: "Nothing has changed yet.")
            : Hypermedia.Of("Schedules/_HoursReview", new HoursReview(subject, form, changes, await AffectsAsync(subject, user, cancellationToken)));
    }

    private async Task<IResult> SaveAsync(HoursTarget target, CurrentUser user, HoursForm form, HoursStep step, HttpContext http, CancellationToken cancellationToken)
    {
        var command = new SaveHoursCommand(user.Id, target, form.Seen, current => form.ToHours(current.Hours));
        if (!(await saving.HandleAsync(command, cancellationToken)).Succeeded(out var outcome, out var failure))
        {
            return await KeepAsync(target, user, form, failure, http, cancellationToken);
        }

        if (outcome.Saved is not { } saved)
        {
            return Conflict(http, outcome.Conflict!, form);
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
        (await hours.HandleAsync(user.Id, target, cancellationToken)).Succeeded(out var subject, out _);
        return Page(http, target, subject, form, failure, "hours-title");
    }

    private Hypermedia<HoursPage> Page(
        HttpContext http, HoursTarget target, HoursSubject? subject, HoursForm form, Failure? problem = null, string? focus = null, string? said = null)
    {
        if (problem is not null)
        {
            http.Response.MarkFailure(problem);
        }

        var page = new HoursPage(target, subject, form, subject?.Dates(clock.GetUtcNow()) ?? [], problem, focus, said);
        return Hypermedia.Of("Schedules/_Hours", page, problem?.Code.ToStatusCode() ?? StatusCodes.Status200OK);
    }

    private static Hypermedia<HoursConflict> Conflict(HttpContext http, HoursSubject subject, HoursForm form)
    {
        var failure = new Failure(FailureCode.HoursChanged);
        http.Response.MarkFailure(failure);
        var mine = form.ToHours(subject.Hours);
        var rows = Hours.Days
            .Select(day => (Hours.Name(day), HoursWords.Stretches(subject.Hours.Stretches(day), day), HoursWords.Stretches(mine.Stretches(day), day)))
            .Where(row => row.Item2 != row.Item3)
            .ToList();
        return Hypermedia.Of("Schedules/_HoursConflict", new HoursConflict(subject, form with { Seen = subject.Version }, rows, failure.Message), failure.Code.ToStatusCode());
    }

    private static IResult Unreadable(HttpContext http, HoursTarget target, Failure failure)
    {
        if (failure.Code is not (FailureCode.CalendlyForbidden or FailureCode.NotFound))
        {
            return TroublePanel.Of(http, failure, ScheduleWords.Hours, target.Url);
        }

        http.Response.MarkFailure(failure);
        var message = failure.Code == FailureCode.NotFound ? ScheduleWords.Hours.NotFound : failure.Message;
        return Hypermedia.Of("Schedules/_HoursRefused", new HoursRefused(message), failure.Code.ToStatusCode());
    }

    private async Task<string> AffectsAsync(HoursSubject subject, CurrentUser user, CancellationToken cancellationToken) => subject switch
    {
        { Target.IsEventType: true, Follows: { } schedule } => $"{subject.Name} then has hours of its own and no longer follows “{schedule}”.",
        { Target.IsEventType: true } => $"This changes {subject.Name} alone.",
        _ => !(await usedBy.HandleAsync(user.Id, subject.Target.Id, cancellationToken)).Succeeded(out var chips, out _)
                ? "Every event type that uses this schedule follows. Which ones those are could not be read just now."
            : chips.Types.Count == 0 ? "No event type uses this schedule."
            : $"Affects {chips.Count}: {chips.Names}.",
    };
}
