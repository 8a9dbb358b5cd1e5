using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Web;
using NodaTime;

namespace CalendlySlices.Features.Schedules;

/// <summary>The editor over HTTP. Every button sends the whole form, so that it also works without scripts.</summary>
internal sealed class EditHours(HoursHandler hours, SaveHours saving, HoursAnswers answers, HoursValidator validator)
{
    public async Task<IResult> FormAsync(HoursTarget target, CurrentUser user, HttpContext http, CancellationToken cancellationToken)
    {
        Result<HoursSubject> result = CalendlyUri.IsWellFormedId(target.Id)
            ? await hours.ReadNowAsync(user.ConnectionOwnerId, target, cancellationToken)
            : new Failure(FailureCode.ValidationFailed);
        return result.Succeeded(out var subject, out var failure)
            ? answers.Page(http, target, subject, HoursForm.Of(subject.Hours, subject.Version))
            : HoursAnswers.Unreadable(http, target, failure);
    }

    public async Task<IResult> PostAsync(HoursTarget target, CurrentUser user, HttpContext http, CancellationToken cancellationToken)
    {
        if (!CalendlyUri.IsWellFormedId(target.Id) || await ReadFormAsync(http.Request, cancellationToken) is not { } posted)
        {
            return HoursAnswers.Unreadable(http, target, new Failure(FailureCode.ValidationFailed));
        }

        var form = HoursForm.Read(posted);
        var step = HoursStep.Read(posted["do"].ToString());
        var problem = step is null ? new Failure(FailureCode.ValidationFailed)
            : step.Name is HoursStep.Review or HoursStep.Save or HoursStep.Undo ? validator.Problem(form)
            : null;
        if (problem is null && step is { Name: HoursStep.Review })
        {
            return await saving.ReviewAsync(target, user, form, http, cancellationToken);
        }

        if (problem is null && step is { Name: HoursStep.Save or HoursStep.Undo })
        {
            return await saving.SaveAsync(target, user, form, step, http, cancellationToken);
        }

        (await hours.HandleAsync(user.ConnectionOwnerId, target, cancellationToken)).Succeeded(out var subject, out var unread);
        if (problem is not null || step is null)
        {
            return answers.Page(http, target, subject, form, problem, problem?.Fields is [var first, ..] ? $"{first.Field}-from" : null);
        }

        if (unread is { IsOutage: false })
        {
            return HoursAnswers.Unreadable(http, target, unread);
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
            HoursStep.Add => answers.Page(http, target, subject, form.Add(step.Day), focus: $"{HoursValidator.Field(step.Day, form[step.Day].Count)}-from"),
            HoursStep.Remove => answers.Page(http, target, subject, form.Remove(step.Day, step.Index), focus: $"add-{word}", said: $"Removed hours on {name}."),
            HoursStep.Copy when copyTo.Count > 0 => answers.Page(http, target, subject, form.Copy(step.Day, copyTo), focus: $"copy-{word}", said: $"Copied {name} to {HoursWords.List([.. copyTo.Select(Hours.Name)])}."),
            HoursStep.Copy => answers.Page(http, target, subject, form, focus: $"copy-{word}", said: "No day was ticked to copy to."),
            _ => answers.Page(http, target, subject, form, focus: "hours-title"),
        };
    }
}
