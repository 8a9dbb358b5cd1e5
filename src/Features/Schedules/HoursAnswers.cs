using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Features.Schedules;

/// <summary>The pages that several steps of the editor end in.</summary>
internal sealed class HoursAnswers(TimeProvider clock)
{
    public Hypermedia<HoursPage> Page(
        HttpContext http, HoursTarget target, HoursSubject? subject, HoursForm form, Failure? problem = null, string? focus = null, string? said = null)
    {
        if (problem is not null)
        {
            http.Response.MarkFailure(problem);
        }

        var page = new HoursPage(target, subject, form, subject?.Dates(clock.GetUtcNow()) ?? [], problem, focus, said);
        return Hypermedia.Of("Schedules/_Hours", page, problem?.Code.ToStatusCode() ?? StatusCodes.Status200OK);
    }

    public static Hypermedia<HoursConflict> Conflict(HttpContext http, HoursSubject subject, HoursForm form)
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

    public static IResult Unreadable(HttpContext http, HoursTarget target, Failure failure)
    {
        if (failure.Code is not (FailureCode.CalendlyForbidden or FailureCode.NotFound))
        {
            return TroublePanel.Of(http, failure, ScheduleWords.Hours, target.Url);
        }

        http.Response.MarkFailure(failure);
        var message = failure.Code == FailureCode.NotFound ? ScheduleWords.Hours.NotFound : failure.Message;
        return Hypermedia.Of("Schedules/_HoursRefused", new HoursRefused(message), failure.Code.ToStatusCode());
    }
}
