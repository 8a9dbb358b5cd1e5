using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Bookings;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Features.Booking;

/// <param name="Form">Valid.</param>
internal sealed record SubmitCommand(BookingSubject Subject, BookingAttempt Attempt, DateTimeOffset Start, BookingForm Form);

/// <summary>
/// Books through the coach's connection. An attempt is sent once at a time, and never again when it may have been booked:
/// where the answer was lost, Calendly is asked for the booking.
/// </summary>
internal sealed class SubmitHandler(BookingSubjects subjects, BookingStore store, BookingPace pace, BookingCheck check, CalendlyApiFor calendlyFor)
{
    public const string Scope = "scheduled_events:write";

    /// <summary>The attempt, booked or in doubt. Fails with <c>SlotTaken</c>, with <c>RateLimited</c> where only Calendly's own
    /// form is left, with <c>ValidationFailed</c> in the names of our fields, and as calls do; nothing is booked then.</summary>
    public async Task<Result<BookingAttempt>> HandleAsync(SubmitCommand command, CancellationToken cancellationToken)
    {
        var attempt = command.Attempt;
        if (!await store.TryTakeAsync(attempt, command.Start, cancellationToken))
        {
            // Sent before, by a second press or from another tab: its outcome is this one's.
            return await store.FindAsync(attempt.Nonce, attempt.UserId, cancellationToken) is { } known ? known : new Failure(FailureCode.NotFound);
        }

        var taken = attempt with { State = BookingState.Sending, StartsAt = command.Start, EndsAt = null };
        var settled = false;
        try
        {
            // Whoever leaves now must not leave it halfway.
            var result = await SendAsync(command, taken, CancellationToken.None);
            settled = result.Succeeded(out _, out _);
            return result;
        }
        finally
        {
            if (!settled)
            {
                await store.ReleaseAsync(taken);
            }
        }
    }

    private async Task<Result<BookingAttempt>> SendAsync(SubmitCommand command, BookingAttempt taken, CancellationToken cancellationToken)
    {
        if (!(await IsOpenAsync(command, cancellationToken)).Succeeded(out var isOpen, out var failure))
        {
            return failure;
        }

        if (!isOpen)
        {
            return new Failure(FailureCode.SlotTaken);
        }

        if (!await pace.TryCountAsync(taken.CoachId, cancellationToken))
        {
            return new Failure(FailureCode.RateLimited);
        }

        var sent = await calendlyFor(new ConnectionOwner(taken.CoachId)).CreateInviteeAsync(Request(command, taken), cancellationToken);
        if (sent.Succeeded(out var invitee, out failure))
        {
            return await BookedAsync(taken, invitee, cancellationToken);
        }

        return failure switch
        {
            { Code: FailureCode.ValidationFailed } => await IsTakenAsync(command, cancellationToken) ? new Failure(FailureCode.SlotTaken) : Named(failure, command.Form),
            { Code: FailureCode.RateLimited } or { IsOutage: false } => BookingSubjects.ForBooker(command.Subject.Coach, failure),
            _ => await SettleAsync(command, taken, failure, cancellationToken),
        };
    }

    // Calendly's own statement; where the place is comes with the event.
    private async Task<Result<BookingAttempt>> BookedAsync(BookingAttempt taken, Invitee invitee, CancellationToken cancellationToken)
    {
        var booked = BookingCheck.Booked(taken, invitee);
        await store.SettleAsync(booked);
        return (await check.LookAsync(booked, null, cancellationToken)).Succeeded(out var seen, out _) ? seen : booked;
    }

    // The answer was lost, not necessarily the request.
    private async Task<Result<BookingAttempt>> SettleAsync(SubmitCommand command, BookingAttempt taken, Failure failure, CancellationToken cancellationToken)
    {
        if ((await check.LookAsync(taken, null, cancellationToken)).Succeeded(out var seen, out _))
        {
            if (seen.IsBooked)
            {
                return seen;
            }

            // An answer that made no sense may have been one that is documented nowhere: the time is gone.
            if (failure.Code == FailureCode.CalendlyBadResponse && await IsTakenAsync(command, cancellationToken))
            {
                return new Failure(FailureCode.SlotTaken);
            }
        }

        await store.DoubtAsync(taken);
        return taken with { State = BookingState.Unconfirmed };
    }

    private async Task<bool> IsTakenAsync(SubmitCommand command, CancellationToken cancellationToken) =>
        (await IsOpenAsync(command, cancellationToken)).Succeeded(out var isOpen, out _) && !isOpen;

    private async Task<Result<bool>> IsOpenAsync(SubmitCommand command, CancellationToken cancellationToken) =>
        (await subjects.OpenAsync(command.Subject, command.Start, cancellationToken)).Map(open => open.Any(time => time.StartTime == command.Start));

    private static InviteeRequest Request(SubmitCommand command, BookingAttempt taken)
    {
        var (typed, type) = command.Form;
        return new InviteeRequest(
            type.Uri,
            ZonedTime.Iso(command.Start),
            new InviteePerson(typed.Name, typed.Email, typed.Timezone),
            BookingFormValidator.Chosen(command.Form) is { } place ? place.ToRequest(typed.Places.GetValueOrDefault(place.Number, string.Empty)) : null,
            [.. TypedBooking.Questions(type).Select(question => new QuestionAndAnswer(question.Name, typed.AnswerTo(question).Text, question.Position)).Where(answer => answer.Answer.Length > 0)],
            new Tracking(null, "dashboard", null, taken.Nonce, null, null),
            typed.GuestList);
    }

    // Calendly names its own fields; ours carry the messages.
    private static Failure Named(Failure failure, BookingForm form)
    {
        var answered = TypedBooking.Questions(form.Type).Where(question => form.Typed.AnswerTo(question).Text.Length > 0).ToList();
        return failure with
        {
            Message = "Calendly did not take this. Nothing is booked.",
            Fields = [.. failure.Fields.Select(problem => problem with { Field = Field(problem.Field, answered), Message = $"Calendly says: {problem.Message}" })],
        };
    }

    private static string Field(string parameter, List<CustomQuestion> answered) => parameter switch
    {
        "invitee.email" => "email",
        "invitee.name" or "invitee.first_name" or "invitee.last_name" => "name",
        "invitee.timezone" => "timezone",
        _ when parameter.StartsWith("location", StringComparison.Ordinal) => "location",
        _ when parameter.StartsWith("event_guests", StringComparison.Ordinal) => "guests",
        _ when parameter.StartsWith("questions_and_answers[", StringComparison.Ordinal)
            && int.TryParse(parameter["questions_and_answers[".Length..].Split(']')[0], out var index) && index >= 0 && index < answered.Count => TypedBooking.Field(answered[index]),
        _ => string.Empty,
    };
}
