using CalendlySlices.Infrastructure.Identity;
using NodaTime;
using NodaTime.Text;

namespace CalendlySlices.Features.FreeTimes;

internal enum FreeTimesView
{
    Week,
    TwoWeeks,
    Month,
    Day,
    List,
}

/// <summary>The query of the page, as sent.</summary>
/// <param name="EventType">The id of an event type; without one, the reader's first.</param>
/// <param name="Date">A day in the reader's zone, as <c>2026-03-10</c>; without one, today.</param>
/// <param name="Hours"><c>all</c> also draws the hours before 06:00 and after 22:00.</param>
/// <param name="Weeks">How far the list goes: 4 or 8.</param>
internal sealed record FreeTimesInput(string? EventType, string? Date, string? View, string? Hours, string? Weeks, string? Renew, ReaderZone Zone)
{
    public const int FurthestDays = 366;

    public LocalDate? Day => Date is { } text && LocalDatePattern.Iso.Parse(text) is { Success: true, Value: var day } ? day : null;

    /// <summary>Null for a word that is none.</summary>
    public FreeTimesView? KnownView => string.IsNullOrEmpty(View) ? FreeTimesView.Week
        : Enum.GetValues<FreeTimesView>().Where(view => Word(view) == View).Select(view => (FreeTimesView?)view).FirstOrDefault();

    public static string Word(FreeTimesView view) => view switch
    {
        FreeTimesView.TwoWeeks => "two-weeks",
        FreeTimesView.Month => "month",
        FreeTimesView.Day => "day",
        FreeTimesView.List => "list",
        _ => "week",
    };
}
