using System.Globalization;
using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendar;
using CalendlySlices.Infrastructure.Web;
using NodaTime;

namespace CalendlySlices.Features.FreeTimes;

/// <summary>What a reader looks at: part of every address on the page.</summary>
internal sealed record FreeTimesPlace(string? EventType, LocalDate? Date, FreeTimesView View, bool AllHours, bool EightWeeks)
{
    public string Url => string.Concat(
        "/free-times?eventType=",
        EventType,
        View == FreeTimesView.Week ? "" : $"&view={FreeTimesInput.Word(View)}",
        Date is { } date ? $"&date={Iso(date)}" : "",
        AllHours ? "&hours=all" : "",
        EightWeeks ? "&weeks=8" : "");

    public string At(LocalDate date) => (this with { Date = date }).Url;

    public string In(FreeTimesView view) => (this with { View = view, EightWeeks = false }).Url;

    /// <summary><c>2026-03-10</c></summary>
    public static string Iso(LocalDate date) => NodaTime.Text.LocalDatePattern.Iso.Format(date);
}

/// <summary>The page, or its one panel.</summary>
/// <param name="Board">Null when there is nothing to draw; <paramref name="Trouble"/> then says why, or nobody offers anything.</param>
internal sealed record FreeTimesPage(
    FreeTimesPlace Place, IReadOnlyList<PickerChoice> Choices, FreeTimesBoard? Board, Trouble? Trouble, Failure? Problem, bool ForCoach)
{
    public string State => Trouble?.State ?? (Board is null ? "empty-none" : Board.Open == 0 ? "empty-filtered" : "ready");
}

/// <summary>Free times, ready to draw.</summary>
/// <param name="Strip">Four weeks with a number for each day.</param>
/// <param name="Grid">For the week, the fortnight and the day; otherwise null.</param>
/// <param name="Days">For the month and the list; otherwise empty.</param>
/// <param name="Open">Starts in the days that are drawn.</param>
/// <param name="Next">The first start after those, when they have none: its day and words.</param>
/// <param name="LookAheadUrl">Looks further than what has been read, when that has nothing either.</param>
/// <param name="ReasonsUrl">Tells why days are empty; null when none is.</param>
internal sealed record FreeTimesBoard(
    BookableType Type,
    FreeTimesPlace Place,
    FreeTimesPeriod Period,
    IReadOnlyList<StripDay> Strip,
    WeekGrid? Grid,
    IReadOnlyList<FreeDay> Days,
    int Open,
    string? Earliest,
    NextFree? Next,
    string? LookAheadUrl,
    string? ReasonsUrl,
    IReadOnlyList<string> Notes,
    DateTimeOffset ReadAt,
    string ReadAtWords,
    string Zone,
    string? PreviousUrl,
    string NextUrl)
{
    public string Summary => Earliest is null ? "Nothing open" : string.Create(CultureInfo.InvariantCulture, $"{Open} open · earliest {Earliest}");

    public string Span => Place.View switch
    {
        FreeTimesView.Day => ZonedTime.Day(Period.First),
        _ => $"{ZonedTime.Day(Period.First)} to {ZonedTime.Day(Period.End.PlusDays(-1))}",
    };

    /// <summary>How the empty state names what is drawn.</summary>
    public string Stretch => Place.View switch
    {
        FreeTimesView.Day => "this day",
        FreeTimesView.TwoWeeks => "these two weeks",
        FreeTimesView.Month => "these four weeks",
        FreeTimesView.List => Place.EightWeeks ? "these eight weeks" : "these four weeks",
        _ => "this week",
    };
}

internal sealed record StripDay(LocalDate Date, string Weekday, int Open, string Url, bool IsPast, bool IsDrawn, bool IsSelected);

internal sealed record NextFree(string Words, string Url);
