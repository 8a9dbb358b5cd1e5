using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Bookings;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Features.Booking;

/// <summary>Our own form over HTTP.</summary>
internal static class WithoutFrame
{
    private const string TooMany = "Calendly takes no more bookings from our own form for now, so here is Calendly’s own.";

    public static async Task<IResult> ShowAsync(
        CurrentUser user,
        [AsParameters] BookingInput input,
        BookingValidator validator,
        BookingSubjects subjects,
        BookingFormHandler handler,
        CalendlyPages pages,
        HttpContext http,
        CancellationToken cancellationToken)
    {
        Result<BookingSubject> found = validator.Problem(input) is { } problem ? problem : await subjects.FindAsync(user, input, cancellationToken);
        if (!found.Succeeded(out var subject, out var failure))
        {
            return BookingEndpoint.Failed(http, failure);
        }

        if (subject.Hindrance is { } hindrance)
        {
            return BookingEndpoint.Hindered(http, subject, hindrance, pages, input.At, inForm: true);
        }

        return !(await handler.HandleAsync(new BookingQuery(user, input, subject, http.Request.Host.Value!), cancellationToken)).Succeeded(out var opened, out failure)
                ? BookingEndpoint.Hindered(http, subject, failure, pages, input.At, inForm: true)
            : opened.Form is { } form ? Hypermedia.Of("Booking/_Form", form)
            : opened.Times!.Taken is null ? Hypermedia.Of("Booking/_Times", opened.Times)
            : BookingEndpoint.Taken(http, opened.Times);
    }

    public static async Task<IResult> SubmitAsync(
        CurrentUser user,
        [AsParameters] BookingInput input,
        BookingValidator validator,
        BookingFormValidator formValidator,
        BookingSubjects subjects,
        BookingStore store,
        SubmitHandler handler,
        BookingHandler frame,
        NearestStarts nearest,
        CalendlyPages pages,
        HttpContext http,
        CancellationToken cancellationToken)
    {
        if (await http.Request.FormAsync(cancellationToken) is not { } form)
        {
            return BookingEndpoint.Failed(http, new Failure(FailureCode.ValidationFailed));
        }

        input = input with { Slot = form["slot"].ToString(), Attempt = form["attempt"].ToString() };
        Result<BookingSubject> found = validator.Problem(input) is { } problem ? problem : await subjects.FindAsync(user, input, cancellationToken);
        if (!found.Succeeded(out var subject, out var failure))
        {
            return BookingEndpoint.Failed(http, failure);
        }

        if (input.At is not { } start || await store.FindAsync(input.Attempt!, user.Id, cancellationToken) is not { } attempt
            || attempt.CoachId != subject.Coach.UserId || attempt.EventTypeId != subject.Listed.Id)
        {
            return BookingEndpoint.Failed(http, new Failure(FailureCode.NotFound));
        }

        if (subject.Type is not { } type)
        {
            return BookingEndpoint.Hindered(http, subject, subject.Hindrance!, pages, start, inForm: true);
        }

        var zone = input.Zone.Zone;
        var typed = new BookingForm(TypedBooking.Read(form, type), type);
        var page = new BookingFormPage(subject, attempt, BookingHandler.Picked(subject, start, zone, null), typed.Typed, formValidator.Problem(typed));
        if (page.Problem is not null)
        {
            return Again(http, page);
        }

        var result = await handler.HandleAsync(new SubmitCommand(subject, attempt, start, typed), cancellationToken);
        if (result.Succeeded(out var outcome, out failure))
        {
            return CheckAnswers.Of(http, outcome, zone);
        }

        if (failure.Code == FailureCode.SlotTaken)
        {
            var open = (await subjects.OpenAsync(subject, start, cancellationToken)).Succeeded(out var starts, out _) ? starts : [];
            return BookingEndpoint.Taken(http, new BookingTimes(subject, page.Time, await nearest.FindAsync(user, subject, start, open, zone, inForm: true, cancellationToken)));
        }

        if (failure.Code == FailureCode.RateLimited)
        {
            http.Response.MarkFailure(failure);
            var (instead, taken) = await frame.HandleAsync(new BookingQuery(user, input, subject, http.Request.Host.Value!), cancellationToken, TooMany);
            return taken is not null ? BookingEndpoint.Taken(http, taken) : Hypermedia.Of("Booking/_Booking", instead!, failure.Code.ToStatusCode());
        }

        return Again(http, page with { Problem = failure });
    }

    // The form again, with what was typed.
    private static Hypermedia<BookingFormPage> Again(HttpContext http, BookingFormPage page)
    {
        http.Response.MarkFailure(page.Problem!);
        return Hypermedia.Of("Booking/_Form", page, page.Problem!.Code.ToStatusCode());
    }
}
