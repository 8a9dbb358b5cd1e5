using CalendlySlices.Infrastructure;
using NodaTime;

namespace CalendlySlices.Features.Schedules;

/// <summary>The editor.</summary>
/// <param name="Subject">Null when it cannot be read: the form then keeps what was typed and says what is wrong.</param>
/// <param name="Dates">The date overrides, in words; they stay as they are.</param>
/// <param name="Problem">Its fields' messages go beside the lines, the rest on top.</param>
/// <param name="Focus">The id of what the keyboard goes on with.</param>
/// <param name="Said">What a screen reader is told.</param>
internal sealed record HoursPage(
    HoursTarget Target, HoursSubject? Subject, HoursForm Form, IReadOnlyList<string> Dates, Failure? Problem = null, string? Focus = null, string? Said = null)
{
    public string Title => Subject is null ? "Hours" : $"Hours of {Subject.Name}";

    public string? Message => Problem?.Code switch
    {
        null => null,
        FailureCode.ScopeMissing => ScheduleWords.MayNotWrite,
        FailureCode.CalendlyForbidden or FailureCode.NotFound => $"Calendly does not let us change these hours. {Problem.Message} What you typed is kept.",
        FailureCode.ValidationFailed when Problem.Fields is [{ Field: "seen", Message: var message }] => message,
        FailureCode.ValidationFailed when Problem.Fields.Any(problem => IsOurs(problem.Field)) => "Some hours need another look. Nothing has been saved.",
        FailureCode.ValidationFailed when Problem.Fields is [var first, ..] => $"Calendly did not take these hours: {first.Field} {first.Message}. What you typed is kept.",
        _ => Problem.Message,
    };

    /// <summary>Where the API refuses, Calendly's own page is the way.</summary>
    public bool OffersCalendly => !Target.IsEventType || Problem?.Code is FailureCode.CalendlyForbidden or FailureCode.NotFound;

    public bool NeedsReconnect => Problem?.Code is FailureCode.ScopeMissing or FailureCode.NotConnected or FailureCode.ReconnectRequired;

    private static bool IsOurs(string name) => Hours.Days.Any(day => name.StartsWith($"{Hours.Word(day)}-", StringComparison.Ordinal));
}

/// <summary>One weekday of the form.</summary>
internal sealed record HoursDay(HoursPage Page, IsoDayOfWeek Day)
{
    public string Word => Hours.Word(Day);

    public string Name => Hours.Name(Day);

    /// <summary>As on the button that removes it.</summary>
    public string Words(TypedHours typed) => typed.Stretch is { } stretch ? HoursWords.One(stretch, Day) : "the unfinished hours";

    /// <summary>What the end means, where the fields alone do not say it.</summary>
    public string? Note(TypedHours typed) => typed.Stretch is not { } stretch ? null
        : stretch.To == HourSpan.Midnight ? "until midnight, 24:00"
        : stretch.To > HourSpan.Midnight ? $"until {HourSpan.Clock(stretch.To - HourSpan.Midnight)} on {Hours.Name(Hours.After(Day))}"
        : null;
}

/// <summary>What saving would change, asked before it is done.</summary>
/// <param name="Affects">Whom it concerns, a sentence.</param>
internal sealed record HoursReview(HoursSubject Subject, HoursForm Form, IReadOnlyList<string> Changes, string Affects);

/// <summary>Somebody else changed the hours meanwhile.</summary>
/// <param name="Rows">Each day that differs: its name, as it is at Calendly, and as typed.</param>
/// <param name="Form">As typed, now bound to the version at Calendly.</param>
internal sealed record HoursConflict(HoursSubject Subject, HoursForm Form, IReadOnlyList<(string Day, string Theirs, string Mine)> Rows, string Message);

/// <param name="Undo">The former week, bound to the version that was saved; null after an undo, and when nothing was changed.</param>
internal sealed record HoursSaved(HoursSubject Subject, string Title, IReadOnlyList<string> Changes, string? Note, HoursForm? Undo);

/// <summary>Calendly refuses to show them; its own page is what is left.</summary>
internal sealed record HoursRefused(string Message);
