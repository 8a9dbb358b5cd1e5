using System.Globalization;
using Microsoft.Extensions.Primitives;
using NodaTime;

namespace CalendlySlices.Features.Schedules;

/// <summary>One line of the form, as typed. An end of <c>00:00</c> is midnight, and one that is not after the start lies on the
/// next day.</summary>
internal sealed record TypedHours(string From, string To)
{
    /// <summary>Both times can be read.</summary>
    public bool IsReadable => HourSpan.Minutes(From) is not null && HourSpan.Minutes(To) is not null;

    /// <summary>Null while a time is missing or unreadable.</summary>
    public Stretch? Stretch => HourSpan.Minutes(From) is not { } from || HourSpan.Minutes(To) is not { } to ? null
        : to > from ? new Stretch(from, to)
        : new Stretch(from, to + HourSpan.Midnight);
}

/// <summary>The week as typed.</summary>
/// <param name="Seen">The version of the hours that the form was made from.</param>
/// <param name="Days">Monday first.</param>
internal sealed record HoursForm(string Seen, IReadOnlyList<IReadOnlyList<TypedHours>> Days)
{
    // What most people add first to a day that is closed.
    private static readonly TypedHours OfficeHours = new("09:00", "17:00");

    public IReadOnlyList<TypedHours> this[IsoDayOfWeek day] => Days[(int)day - 1];

    public static HoursForm Of(Hours hours, string seen) =>
        new(seen, [.. Hours.Days.Select(day => hours.Stretches(day).Select(stretch => new TypedHours(Field(stretch.From), Field(stretch.To))).ToList())]);

    public static HoursForm Read(IFormCollection form) => new(form["seen"].ToString(), [.. Hours.Days.Select(day => Read(form, Hours.Word(day)))]);

    public HoursForm Add(IsoDayOfWeek day) => With(day, [.. this[day], this[day].Count == 0 ? OfficeHours : new TypedHours(string.Empty, string.Empty)]);

    /// <param name="index">One that is not there removes nothing.</param>
    public HoursForm Remove(IsoDayOfWeek day, int index) => With(day, [.. this[day].Where((_, at) => at != index)]);

    /// <summary>The other days get this day's hours in place of their own.</summary>
    public HoursForm Copy(IsoDayOfWeek day, IEnumerable<IsoDayOfWeek> to) => to.Aggregate(this, (form, other) => form.With(other, form[day]));

    /// <summary>The hours that were typed, with the dates of <paramref name="current"/>; the form has to be valid.</summary>
    public Hours ToHours(Hours current) => current.WithWeek([.. Days.Select(day => day.Select(typed => typed.Stretch!.Value).ToList())]);

    private HoursForm With(IsoDayOfWeek day, IReadOnlyList<TypedHours> typed) =>
        this with { Days = [.. Days.Select((former, at) => at == (int)day - 1 ? typed : former)] };

    private static List<TypedHours> Read(IFormCollection form, string day)
    {
        var (from, to) = (form[$"{day}-from"], form[$"{day}-to"]);
        return [.. Enumerable.Range(0, Math.Max(from.Count, to.Count)).Select(index => new TypedHours(Text(from, index), Text(to, index)))];
    }

    private static string Text(StringValues values, int index) =>
        index < values.Count ? (values[index] ?? string.Empty).Trim() : string.Empty;

    // A native time field knows no 24:00.
    private static string Field(int minutes) => HourSpan.Clock(minutes % HourSpan.Midnight);
}

/// <summary>What a button of the form asks for: its value, such as <c>add-tuesday</c>.</summary>
/// <param name="Day">None where the button is for the whole form.</param>
/// <param name="Index">The line to remove.</param>
internal sealed record HoursStep(string Name, IsoDayOfWeek Day, int Index)
{
    public const string Review = "review";
    public const string Save = "save";
    public const string Edit = "edit";
    public const string Undo = "undo";
    public const string Add = "add";
    public const string Remove = "remove";
    public const string Copy = "copy";

    /// <summary>Null for what no button of ours sends.</summary>
    public static HoursStep? Read(string text)
    {
        var parts = text.Split('-');
        var day = parts.Length > 1 ? Hours.Days.FirstOrDefault(day => Hours.Word(day) == parts[1]) : IsoDayOfWeek.None;
        return (parts[0], parts.Length) switch
        {
            ("", 1) => new HoursStep(Review, IsoDayOfWeek.None, 0),
            (Review or Save or Edit or Undo, 1) => new HoursStep(parts[0], IsoDayOfWeek.None, 0),
            (Add or Copy, 2) when day != IsoDayOfWeek.None => new HoursStep(parts[0], day, 0),
            (Remove, 3) when day != IsoDayOfWeek.None && int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var index) => new HoursStep(Remove, day, index),
            _ => null,
        };
    }
}
